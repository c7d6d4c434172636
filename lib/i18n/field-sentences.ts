/** What the schemas of the API say of values in words of their own, and the same in Chinese. */
export const chineseFieldSentences: readonly (readonly [english: string, chinese: string])[] = [
  ["at most 50 namespaces", "最多 50 个命名空间"],
  [
    "needs the right to read contact lists: `roster` has to be `get` or `both`",
    "需要读取联系人列表的权限：`roster` 必须是 `get` 或 `both`",
  ],
  ["cannot be delegated", "不能委托"],
  ["hex digits", "必须是十六进制数字"],
  ["a registration token", "必须是注册令牌"],
  ["base64url of 65 bytes", "必须是 65 字节的 base64url"],
  ["base64url of 16 bytes", "必须是 16 字节的 base64url"],
  ["letters, digits, _ . - and at most 64 of them", "只能用字母、数字、_ . -，最多 64 个字符"],
  ["small letters, digits, . _ - and at most 64 of them", "只能用小写字母、数字、. _ -，最多 64 个字符"],
  ["small letters, digits, _ - and at most 32 of them", "只能用小写字母、数字、_ -，最多 32 个字符"],
  ["no spaces and no control characters", "不能有空格和控制字符"],
  ["a media type", "必须是媒体类型"],
  ["ten capital letters and digits", "必须是十个大写字母和数字"],
  ["the bundle id of the app", "必须是应用的 Bundle ID"],
  ["mailto:… or https://…", "必须是 mailto:… 或 https://…"],
  ["one label of a name, such as conference", "必须是域名中的一段，例如 conference"],
  ["must be 1 to 32 letters, digits, dots, hyphens or underscores", "必须是 1 到 32 个字母、数字、点、连字符或下划线"],
  ["must be some of these, separated by commas: {names}", "必须是以下几项，用逗号分隔：{names}"],
];
