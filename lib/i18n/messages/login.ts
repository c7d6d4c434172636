import type { Shape } from "../shape.ts";

export const en = {
  title: "Log in to Nightpost",
  lead: "With the XMPP account of an admin.",
  jid: "JID or user name",
  jidHint: "For example {example}",
  host: "Host",
  submit: "Log in",
  submitting: "Checking…",
  plain: "This page came over plain HTTP: your password can be read on the way. Use the https:// address if you can.",
  empty: "Enter a JID or user name, and a password.",
  errors: {
    "bad-credentials": "The JID or the password is not right.",
    "not-admin":
      "This account exists, but it may not use the console. An admin can grant that under Users › Account, or with: nightpost admin grant JID",
    throttled: "Too many attempts. Try again in {seconds} s.",
    unreachable: "The server does not answer. It may still be starting.",
  },
};

export const zh: Shape<typeof en> = {
  title: "登录 Nightpost",
  lead: "请使用管理员的 XMPP 账号。",
  jid: "JID 或用户名",
  jidHint: "例如 {example}",
  host: "主机",
  submit: "登录",
  submitting: "正在验证…",
  plain: "此页面通过明文 HTTP 传输，密码可能在途中被读取。如可行，请使用 https:// 地址。",
  empty: "请输入 JID 或用户名，以及密码。",
  errors: {
    "bad-credentials": "JID 或密码不正确。",
    "not-admin": "此账号存在，但无权使用控制台。管理员可在“用户 › 账号”中授权，或执行：nightpost admin grant JID",
    throttled: "尝试次数过多，请在 {seconds} 秒后再试。",
    unreachable: "服务器没有响应，可能仍在启动。",
  },
};
