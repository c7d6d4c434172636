import type { Shape } from "../shape.ts";

export const en = {
  how: "How",
  ways: { password: "With a password", invite: "By an invite" },
  inviteText: "Whoever gets the link sets the password, and nobody else knows it. The name is kept until then.",
  createInvite: "Create invite",
  name: {
    free: "<jid></jid> is free.",
    becomes: "Will be <jid></jid>, which is free.",
    account: "<jid></jid> exists already.",
    becomesAccount: "Will be <jid></jid>, which exists already.",
    invite: "<jid></jid> is kept for whoever redeems an invite.",
    becomesInvite: "Will be <jid></jid>, which is kept for whoever redeems an invite.",
  },
  fault: {
    empty: "A user name has at least one character.",
    "too-long": "Longer than the 1,023 bytes that a user name can have (RFC 7622, 3.3).",
    reserved: "<char></char> means something else in addresses; user names cannot have it (RFC 7622, 3.3.1).",
    space: "<char></char> is a space; user names have none (PRECIS, RFC 8264, 9.14).",
    symbol: "<char></char> is a symbol; user names have none (PRECIS, RFC 8264, 9.15).",
    punctuation: "<char></char> is punctuation beyond ASCII; user names have none (PRECIS, RFC 8264, 9.16).",
    compatibility:
      "<char></char> is another way to write plain characters; user names take only these (PRECIS, RFC 8264, 9.17).",
    other: "<char></char> is no plain letter, digit or mark; user names have only these (PRECIS, RFC 8264, 9.18).",
    control: "<char></char> is a control character; user names have none (PRECIS, RFC 8264, 9.12).",
    ignorable: "<char></char> is a character that nobody sees; user names have none (PRECIS, RFC 8264, 9.13).",
    unassigned: "<char></char> is assigned to no character; user names cannot have it (PRECIS, RFC 8264, 9.10).",
    "old-hangul": "<char></char> is an old Hangul jamo; user names have none (PRECIS, RFC 8264, 9.9).",
    exception: "<char></char> is one of the exceptions that user names cannot have (PRECIS, RFC 8264, 9.6).",
    context: "<char></char> is possible only beside certain other characters, not here (RFC 5892, appendix A).",
    direction:
      "<char></char> cannot stand here beside letters that are written from right to left (Bidi Rule, RFC 5893, 2).",
    surrogate: "Half of a character is in it, which no text can have.",
  },
};

export const zh: Shape<typeof en> = {
  how: "方式",
  ways: { password: "设置密码", invite: "发送邀请" },
  inviteText: "由收到链接的人自己设置密码，其他人都不会知道。在此之前为其保留用户名。",
  createInvite: "创建邀请",
  name: {
    free: "<jid></jid> 可以使用。",
    becomes: "将成为 <jid></jid>，可以使用。",
    account: "<jid></jid> 已存在。",
    becomesAccount: "将成为 <jid></jid>，该账号已存在。",
    invite: "<jid></jid> 已为持有邀请的人保留。",
    becomesInvite: "将成为 <jid></jid>，该名称已为持有邀请的人保留。",
  },
  fault: {
    empty: "用户名至少要有一个字符。",
    "too-long": "超过用户名的上限 1023 字节（RFC 7622，3.3）。",
    reserved: "<char></char> 在地址中另有含义，不能用于用户名（RFC 7622，3.3.1）。",
    space: "<char></char> 是空格，用户名中不能有空格（PRECIS，RFC 8264，9.14）。",
    symbol: "<char></char> 是符号，用户名中不能有符号（PRECIS，RFC 8264，9.15）。",
    punctuation: "<char></char> 是 ASCII 以外的标点，不能用于用户名（PRECIS，RFC 8264，9.16）。",
    compatibility: "<char></char> 是普通字符的另一种写法，用户名只能用普通字符（PRECIS，RFC 8264，9.17）。",
    other: "<char></char> 不是普通的字母、数字或附加符号，不能用于用户名（PRECIS，RFC 8264，9.18）。",
    control: "<char></char> 是控制字符，不能用于用户名（PRECIS，RFC 8264，9.12）。",
    ignorable: "<char></char> 是看不见的字符，不能用于用户名（PRECIS，RFC 8264，9.13）。",
    unassigned: "<char></char> 尚未分配字符，不能用于用户名（PRECIS，RFC 8264，9.10）。",
    "old-hangul": "<char></char> 是古谚文字母，不能用于用户名（PRECIS，RFC 8264，9.9）。",
    exception: "<char></char> 是明确排除的字符，不能用于用户名（PRECIS，RFC 8264，9.6）。",
    context: "<char></char> 只能与特定字符相邻，不能出现在此处（RFC 5892，附录 A）。",
    direction: "<char></char> 不能与从右到左书写的文字混在此处（双向规则，RFC 5893，2）。",
    surrogate: "含有半个字符，任何文本都不能如此。",
  },
};
