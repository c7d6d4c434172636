import type { RegistrationVerdict } from "../features/registration/registration.ts";
import type { Language } from "./language.ts";

/** Every text of the pages. */
export interface Words {
  readonly invitedBy: (who: string) => string;
  readonly invitedTo: (host: string) => string;
  readonly whatIsIt: string;
  readonly openInApp: string;
  readonly noApp: string;
  readonly scan: string;
  readonly code: string;
  readonly makeAccount: (host: string) => string;
  readonly orMakeAccount: (host: string) => string;
  readonly userName: string;
  readonly password: string;
  readonly passwordAgain: string;
  readonly submitAccount: string;
  readonly done: (jid: string) => string;
  readonly doneText: string;
  readonly application: string;
  readonly applicationHint: string;
  readonly submitApplication: string;
  readonly applied: string;
  readonly appliedText: (jid: string) => string;
  readonly reset: (jid: string) => string;
  readonly submitReset: string;
  readonly resetDone: string;
  readonly resetDoneText: (jid: string) => string;
  readonly noLink: string;
  readonly unknownLink: string;
  readonly usedLink: string;
  readonly expiredLink: string;
  readonly revokedLink: string;
  readonly askAgain: string;
  readonly notNow: string;
  readonly tooMany: string;
  readonly failed: string;
  readonly otherSite: string;
  readonly badForm: string;
  readonly passwordsDiffer: string;
  readonly passwordMissing: string;
  readonly nameMissing: string;
  readonly refusal: (verdict: RegistrationVerdict) => string;
}

const english: Words = {
  invitedBy: (who) => `${who} invites you to chat`,
  invitedTo: (host) => `You are invited to ${host}`,
  whatIsIt: "XMPP is an open network for chat. You choose the app, and you can write to people on any server of it.",
  openInApp: "Open in your app",
  noApp: "If nothing happens, install one of these apps first and come back to this page:",
  code: "QR code of the invitation",
  scan: "Or scan this with a phone that has such an app:",
  makeAccount: (host) => `Make an account on ${host}`,
  orMakeAccount: (host) => `No account yet? Make one on ${host}`,
  userName: "User name",
  password: "Password",
  passwordAgain: "The same password again",
  submitAccount: "Make the account",
  done: (jid) => `Welcome, ${jid}`,
  doneText: "Your account is there. Log in with this address and your password in one of these apps:",
  application: "A word to the admin (optional)",
  applicationHint: "An admin approves each account before it can be used.",
  submitApplication: "Ask for the account",
  applied: "Your application was received",
  appliedText: (jid) =>
    `An admin has to approve ${jid} first. Log in with this address and your password later: until then the server says that it waits.`,
  reset: (jid) => `A new password for ${jid}`,
  submitReset: "Set the password",
  resetDone: "The password is set",
  resetDoneText: (jid) => `Log in as ${jid} with the new password. Every app that was logged in has been logged out.`,
  noLink: "This link does not work",
  unknownLink: "There is no such link. Part of it may be missing.",
  usedLink: "This link has been used.",
  expiredLink: "This link was good for a limited time, which is over.",
  revokedLink: "This link was taken back.",
  askAgain: "Ask whoever sent it to you for a new one.",
  notNow: "Not now",
  tooMany: "Too many attempts came from your network. Try again in a minute.",
  failed: "The server failed to do this. Try again later.",
  otherSite: "This form was sent from another site.",
  badForm: "This is not what the form sends.",
  passwordsDiffer: "The two passwords are not the same.",
  passwordMissing: "Type a password.",
  nameMissing: "Type a user name.",
  refusal({ code, retryAfterSeconds }) {
    switch (code) {
      case "exists":
        return "This name is taken.";
      case "bad-name":
        return "This name cannot be used.";
      case "reserved-name":
        return "This name is reserved.";
      case "weak-password":
        return "This password is too weak.";
      case "rate-limited":
        return `An account was made from your network already. Try again in ${retryAfterSeconds} s.`;
      case "network":
      case "access-rule":
        return "Accounts cannot be made from here.";
      case "needs-tls":
        return "Accounts are made over encrypted connections only: use https.";
      case "queue-full":
        return "Too many applications wait for an admin. Try again later.";
      case "needs-invite":
        return "An account is made with an invitation here.";
      case "bad-invite":
        return "The invitation cannot be used any more.";
      default:
        return "This server does not let people make accounts.";
    }
  },
};

const chinese: Words = {
  invitedBy: (who) => `${who} 邀请你聊天`,
  invitedTo: (host) => `邀请你加入 ${host}`,
  whatIsIt: "XMPP 是开放的聊天网络：应用由你自己选择，任何服务器上的联系人都能与你聊天。",
  openInApp: "在应用中打开",
  noApp: "如果没有反应，请先安装下列任一应用，然后回到本页：",
  code: "邀请的二维码",
  scan: "或者用装有此类应用的手机扫描：",
  makeAccount: (host) => `在 ${host} 注册账号`,
  orMakeAccount: (host) => `还没有账号？在 ${host} 注册一个`,
  userName: "用户名",
  password: "密码",
  passwordAgain: "再次输入密码",
  submitAccount: "注册",
  done: (jid) => `欢迎，${jid}`,
  doneText: "账号已创建。请在下列任一应用中用此地址和你的密码登录：",
  application: "给管理员的留言（可选）",
  applicationHint: "账号须经管理员批准后才能使用。",
  submitApplication: "申请账号",
  applied: "申请已收到",
  appliedText: (jid) => `${jid} 须先由管理员批准。请稍后用此地址和你的密码登录；批准之前，服务器会提示仍在等待。`,
  reset: (jid) => `为 ${jid} 设置新密码`,
  submitReset: "设置密码",
  resetDone: "密码已设置",
  resetDoneText: (jid) => `请用新密码登录 ${jid}。此前登录的应用均已退出。`,
  noLink: "此链接无效",
  unknownLink: "没有这样的链接，可能不完整。",
  usedLink: "此链接已被使用。",
  expiredLink: "此链接已过期。",
  revokedLink: "此链接已被撤销。",
  askAgain: "请向发送者索取新的链接。",
  notNow: "暂时不行",
  tooMany: "来自你的网络的尝试过多，请一分钟后再试。",
  failed: "服务器未能完成此操作，请稍后再试。",
  otherSite: "此表单来自其他网站。",
  badForm: "这不是表单发送的内容。",
  passwordsDiffer: "两次输入的密码不一致。",
  passwordMissing: "请输入密码。",
  nameMissing: "请输入用户名。",
  refusal({ code, retryAfterSeconds }) {
    switch (code) {
      case "exists":
        return "此名称已被使用。";
      case "bad-name":
        return "此名称不可用。";
      case "reserved-name":
        return "此名称为保留名称。";
      case "weak-password":
        return "密码强度不足。";
      case "rate-limited":
        return `你的网络刚注册过账号，请在 ${retryAfterSeconds} 秒后再试。`;
      case "network":
      case "access-rule":
        return "不能从此处注册账号。";
      case "needs-tls":
        return "只能通过加密连接注册账号，请使用 https。";
      case "queue-full":
        return "等待管理员批准的申请过多，请稍后再试。";
      case "needs-invite":
        return "在此注册需要邀请。";
      case "bad-invite":
        return "此邀请已不可用。";
      default:
        return "此服务器不开放注册。";
    }
  },
};

const words: Readonly<Record<Language, Words>> = { en: english, zh: chinese };

export function wordsIn(language: Language): Words {
  return words[language];
}
