/** What modules say of the protocols that they speak, and the same in Chinese, as in sentences.ts. */
export const chineseProtocolSentences: readonly (readonly [english: string, chinese: string])[] = [
  ["No collections, no subscription options.", "不支持集合节点和订阅选项。"],
  [
    "with dialback errors; a certificate that names the domain spares the question",
    "含回拨错误；证书写明该域名时无需再询问",
  ],
  ["links to other servers: SRV records of both kinds are one list", "与其他服务器的连接：两类 SRV 记录合为一个列表"],
  [
    "direct TLS listener with ALPN; SRV records are the operator's",
    "带 ALPN 的直接 TLS 监听端口；SRV 记录由管理员设置",
  ],
  [
    "between servers: SASL EXTERNAL, with the authorization identity of the stream",
    "服务器之间：SASL EXTERNAL，授权身份取自流",
  ],
  ["a valid certificate is believed without a question", "有效的证书直接受到信任，无需询问"],
  ["With the purposes message and ephemeral.", "用途为 message 和 ephemeral。"],
  ["The server's own capabilities.", "服务器自身的能力。"],
  ["The server's own capabilities, with SHA-256.", "服务器自身的能力，使用 SHA-256。"],
  [
    "The resource of a client that tells its id is the same at each login.",
    "客户端提供自身标识时，每次登录的资源名相同。",
  ],
  ["The hints that concern offline storage.", "与离线存储有关的提示。"],
  ["The block list as the one list, for clients of old.", "把屏蔽列表作为唯一的列表，供旧客户端使用。"],
  ["Sessions are not resumed over a restart of the server.", "服务器重启后不恢复会话。"],
  [
    "SCRAM, for accounts whose keys another server has derived; all others have keys for every mechanism.",
    "SCRAM，用于密钥由其他服务器派生的账号；其余账号拥有每种机制的密钥。",
  ],
  ["Roster versioning, by now part of RFC 6121 2.6.", "联系人列表版本控制，现已并入 RFC 6121 2.6。"],
  ["Retractions are kept, and what they retract becomes a tombstone.", "撤回会被保留，被撤回的内容变为墓碑。"],
  [
    "Reports inside of items are for the module `reports` (XEP-0377).",
    "项目内的举报由模块 `reports`（XEP-0377）处理。",
  ],
  [
    "Reports are for the admins of the host; none is sent on, whatever the user agrees to.",
    "举报只交给该主机的管理员；无论用户同意与否都不转交他人。",
  ],
  ["Passed on and archived.", "转发并存档。"],
  ["Pages by id; the number of messages where it is asked for.", "按编号分页；仅在请求时给出消息数。"],
  ["On encrypted streams. The only tasks are upgrades (XEP-0480).", "仅在加密的流上。任务只有升级（XEP-0480）。"],
  [
    "No black and white lists, no restart and shutdown: these are for the operator of the machine.",
    "没有黑白名单，也没有重启和关机：这些由机器的管理员负责。",
  ],
  ["Messages that have expired are not delivered.", "已过期的消息不再投递。"],
  ["Mentions of members who are not there.", "提及不在场的成员。"],
  ["Keeps device lists and bundles for clients.", "为客户端保存设备列表和密钥包。"],
  ["Invitations by way of a room carry one.", "经由聊天室发出的邀请带有它。"],
  [
    "HT-SHA-256 with tls-exporter, tls-server-end-point or no channel binding; no TLS early data.",
    "HT-SHA-256，通道绑定为 tls-exporter、tls-server-end-point 或无；不使用 TLS 早期数据。",
  ],
  [
    "Guests have no contacts and store nothing; their bare address says nothing of what it is.",
    "访客没有联系人，也不保存任何内容；其裸地址不说明自己是什么。",
  ],
  ["For components, as the operator grants it.", "供组件使用，由管理员授予。"],
  [
    "Every recipient is sent a stanza of its own; other servers' multicast services are not used.",
    "向每个收件人单独发送；不使用其他服务器的多播服务。",
  ],
  ["Decides what members who are not there are told of.", "决定向不在场的成员通知什么。"],
  ["Components connect to the server (`jabber:component:accept`).", "组件连接到服务器（`jabber:component:accept`）。"],
  ["Clients, by the addresses in their certificates.", "客户端，依据其证书中的地址。"],
  ["By PEP; the common properties are converted.", "经由 PEP；转换常用属性。"],
  [
    "Between servers, wherever the other side offers it; streams are not resumed over a restart.",
    "服务器之间，只要对方提供即可；重启后不恢复流。",
  ],
  ["Asked for, not pushed.", "按请求提供，不主动推送。"],
  [
    "Asked for only where the peer's certificate is valid: dialback does not prove who answers.",
    "仅在对方证书有效时请求：回拨不能证明应答者是谁。",
  ],
  ["The push service: nodes are devices.", "推送服务：节点即设备。"],
  ["Archives of rooms.", "聊天室的存档。"],
  ["Archives of accounts.", "账号的存档。"],
  ["All words must occur, in the body or the subject.", "所有词都必须出现在正文或主题中。"],
  [
    "Admin mode, for components; not client mode (5), which no component asks for: a server may leave it out (9).",
    "管理模式，供组件使用；没有客户端模式（5），因为没有组件请求它：服务器可以不提供（9）。",
  ],
];
