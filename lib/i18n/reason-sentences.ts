/** Why something cannot be done, as it stands in another sentence, and the same in Chinese, as in sentences.ts. */
export const chineseReasonSentences: readonly (readonly [english: string, chinese: string])[] = [
  // Rooms.
  ["the name of the room is too long", "聊天室名称过长"],
  ["there is nobody called {nick}", "没有名为 {nick} 的人"],
  ["a text may have {count} bytes", "文本最多 {count} 字节"],
  ["somebody else has the nickname {nick}", "昵称 {nick} 已属于他人"],
  ["the room's lists are full", "聊天室的名单已满"],
  ["no more than {count} bytes", "最多 {count} 字节"],
  ["not a nickname to be read", "不是可读的昵称"],
  ["only owners do that", "只有所有者可以这样做"],
  ["they are above you", "对方的级别更高"],
  ["admins and owners are not kicked", "不能踢出管理员和所有者"],
  ["admins and owners are moderators", "管理员和所有者始终是主持人"],

  // Addresses.
  ["bad localpart", "用户名无效"],
  ["bad domainpart", "域名无效"],
  ["bad resourcepart", "资源无效"],
  ["too long", "过长"],
  ["empty part", "有空的部分"],

  // Keys of a browser's subscription.
  ["the secret `auth` is not 16 bytes long", "密钥 `auth` 的长度不是 16 字节"],
  ["the key `p256dh` is not 65 bytes long", "密钥 `p256dh` 的长度不是 65 字节"],
  ["the key `p256dh` is no point of the curve P-256", "密钥 `p256dh` 不是曲线 P-256 上的点"],

  // Accounts and rooms of an import.
  ["the host is not served here", "此服务器不提供该主机"],
  ["there is such an account", "已有此账号"],
  ["is not the address of a room", "不是聊天室地址"],
  ["there is no service for rooms here that stands for this one", "这里没有对应的聊天室服务"],
  ["there is such a room", "已有此聊天室"],
  ["a room needs an owner", "聊天室需要所有者"],
  ["nothing keeps nodes here: {node}", "这里没有保存节点的模块：{node}"],
];
