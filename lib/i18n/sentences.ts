/**
 * What the server says in words of its own, and the same in Chinese. The English is the key, as in gettext; what stands in braces
 * is whatever stands there in the sentence, and is translated too if it is a sentence of this list. A test holds every one of them
 * against the server's sources.
 */
export const chineseSentences: readonly (readonly [english: string, chinese: string])[] = [
  // Conditions of ACLs and access rules, and how they voted.
  ["no JID", "没有 JID"],
  ["JID {jid}", "JID 为 {jid}"],
  ["always", "始终"],
  ["never", "从不"],
  ["no address", "没有地址"],
  ["address {ip}", "地址为 {ip}"],
  ["by {condition} ({detail})", "由 {condition} 匹配（{detail}）"],
  ["the ACL is empty", "该 ACL 为空"],
  ["none of the {count} conditions of the ACL", "该 ACL 的 {count} 个条件均不匹配"],
  ["{block} is not an address or a block of addresses", "{block} 不是地址或地址段"],
  ["there is no ACL {name}", "没有 ACL {name}"],
  ["{value} can be no part of a JID", "{value} 不能作为 JID 的一部分"],
  ["{value} has more than one @", "{value} 含有多个 @"],
  ["the user name is empty", "用户名为空"],

  // What is wrong or odd about a policy.
  ["Line {line}, column {column}: {problem}", "第 {line} 行第 {column} 列：{problem}"],

  // Rules of the forward, asked about a message.
  ["every condition holds", "所有条件都成立"],
  ["it is switched off", "规则已停用"],
  ["it is not for {host}", "规则不适用于 {host}"],
  ["it is not about the class {class}", "规则不涉及类别 {class}"],
  ["{jid} is none of its senders", "{jid} 不在其发件人之列"],
  ["{jid} is none of its recipients", "{jid} 不在其收件人之列"],
  ["the message is encrypted", "该消息已加密"],
  ["the message is not encrypted", "该消息未加密"],
  ["the message has no hint {hints}", "该消息没有提示 {hints}"],
  ["its expression is false for this message", "其表达式对该消息不成立"],
  ["its expression has no answer for this message: {fault}", "其表达式对该消息没有结果：{fault}"],
  ["it cannot be read", "无法解析"],
  ["{rule} matched and is the last", "{rule} 已匹配，且为最后一条"],
  ["there is no such target", "没有这个目标"],
  ["it is being drained", "该目标正在排空"],
  ["it is nothing that is forwarded", "这不是会被转发的内容"],
  ["the module {module} does not run on {host}", "模块 {module} 未在 {host} 上运行"],
  ["there is no account {jid}", "没有账号 {jid}"],
  ["the recipient has blocked the sender", "收件人已屏蔽发件人"],
  ["nothing keeps messages on {host}", "{host} 上没有保存消息的模块"],
  ["{messages} messages of {bytes} bytes wait for {jid} already", "{jid} 已有 {messages} 条消息（{bytes} 字节）在等待"],
  ["it is kept in the roster, as a request", "它作为请求保存在联系人列表中"],
  ["what is said in a room is not kept for its members", "聊天室中的内容不会为成员保存"],
  ["it has something in it for a person", "其中有给人看的内容"],
  ["it is kept, with nothing in it for a person", "其中没有给人看的内容，但仍会保存"],
  ["{what} has nothing to say about it", "{what} 对此没有可发送的内容"],
  ["the preset {preset}", "预设 {preset}"],
  ["{reason}: an event would be recorded dead", "{reason}：该事件将被记为失败"],
  ["the recipient has no device there", "收件人在那里没有设备"],
  ["its sender asked not to store it", "发件人要求不保存"],
  ["it is an error", "它是错误消息"],
  ["it is for a group chat", "它属于群聊"],
  ["it is a headline", "它是通告（headline）"],
  ["it has no text", "它没有文字"],
  ["it is nothing but a {signal}", "它只是{signal}"],
  ["chat state", "聊天状态"],
  ["receipt", "送达回执"],
  ["chat marker", "聊天标记"],
  ["is neither a message nor a presence of type subscribe", "既不是消息，也不是 subscribe 类型的 presence"],
  ["has no from that is a JID", "没有可作为 JID 的 from"],
  ["has no to that is the JID of an account", "没有可作为账号 JID 的 to"],
  ["is for {domain}, not for {host}", "是发给 {domain} 的，而不是 {host}"],

  // Expressions and templates.

  // Addresses that requests may not go to.
  ["{host} cannot be looked up just now.", "暂时无法解析 {host}。"],

  // Files with keys.
  ["Key", "密钥"],
  ["Fingerprint", "指纹"],
  ["project", "项目"],
  ["account", "账号"],
  ["key", "密钥"],
  ["tokens", "令牌"],
  ["curve", "曲线"],
  ["VAPID key", "VAPID 密钥"],
  ["VAPID public key", "VAPID 公钥"],
  ["made when the target is saved", "保存目标时生成"],
  ["EC private key, P-256 (ES256)", "EC 私钥，P-256（ES256）"],

  // Fields of a form that the server refuses.
  ["not an address", "不是地址"],

  // Certificates and backups.
  ["The certificate is not valid for {host}.", "该证书对 {host} 无效。"],
  ["The certificate has expired already.", "该证书已过期。"],
  ["There is no key for this certificate: give it as well.", "没有该证书的密钥：请一并提供。"],
  ["{host} has shown no other certificate.", "{host} 没有用过其他证书。"],
  ["An order for {host} is under way.", "{host} 的证书申请正在进行。"],
  ["The directory of the authority does not answer, or is none.", "证书机构的目录没有响应，或不是目录地址。"],
  ["the authority offers no {method} for {name}", "证书机构不为 {name} 提供 {method}"],
  ["It has {found} {name} where it says {count}.", "其中有 {found} 个 {name}，而它声明为 {count} 个。"],
  ["It is encrypted: its passphrase is needed.", "它已加密：需要密码。"],
  ["There is no backup {id}.", "没有备份 {id}。"],
  ["The disk has no room for it.", "磁盘空间不足。"],
  ["The backup is damaged: its end is missing.", "备份已损坏：缺少结尾。"],
  ["The backup is damaged.", "备份已损坏。"],
  ["{file} is no backup, or is damaged.", "{file} 不是备份，或已损坏。"],
  ["The backup is damaged: {name} is missing or was cut.", "备份已损坏：{name} 缺失或不完整。"],
  ["The backup is damaged: {name} cannot be unpacked.", "备份已损坏：无法解开 {name}。"],
  ["The backup is damaged: {name} was changed.", "备份已损坏：{name} 被改动过。"],
  ["{file} is damaged.", "{file} 已损坏。"],
  ["by {author}", "由 {author} 操作"],
  ["control socket", "控制套接字"],
];
