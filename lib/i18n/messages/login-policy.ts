import type { Shape } from "../shape.ts";

export const en = {
  title: "Log-in to the console",
  lead: "Part of the policy: each change is a revision.",
  hours: "A session lasts, in hours",
  hoursHint: "Then the password is asked for again. For sessions that begin from now on.",
  secondFactor: "Roles that take a second factor",
  secondFactorHint: "Whoever has such a role and no second factor may only add one.",
  addresses: "Log in only from",
  addressesHint:
    "IP addresses and blocks, one a line; empty: from anywhere. It holds for open sessions, too. Scripts have lists of their own, with their keys.",
  audit: "Keep audit entries",
  auditHint: "What is older goes from the old end; the chain of the rest still holds.",
  forGood: "for good",
  days: "{count} days",
  brand: {
    title: "Name and notice",
    lead: "What everybody sees who comes to the console, before the log-in as well.",
    name: "Name",
    nameHint: "Stands in the place of “Nightpost”, in the sidebar and the tabs of browsers. Empty: Nightpost.",
    notice: "Notice above the log-in",
    noticeHint: "For example who may use this console. Everybody can read it.",
    support: "Help for whoever cannot log in",
    supportHint: "mailto: or https: address.",
  },
};

export const zh: Shape<typeof en> = {
  title: "控制台登录",
  lead: "属于策略的一部分：每次更改都会生成一个版本。",
  hours: "会话时长（小时）",
  hoursHint: "到时需再次输入密码。适用于此后开始的会话。",
  secondFactor: "要求第二因素的角色",
  secondFactorHint: "拥有此类角色而没有第二因素的人只能添加第二因素。",
  addresses: "只允许从以下地址登录",
  addressesHint: "IP 地址或地址段，每行一个；留空表示不限。对已打开的会话同样有效。脚本的密钥有各自的列表。",
  audit: "审计记录保留时间",
  auditHint: "从最旧的记录开始删除，其余记录的链仍然有效。",
  forGood: "永久",
  days: "{count} 天",
  brand: {
    title: "名称与提示",
    lead: "所有打开控制台的人都会看到，包括尚未登录的人。",
    name: "名称",
    nameHint: "在侧栏和浏览器标签页中代替“Nightpost”。留空则为 Nightpost。",
    notice: "登录页上方的提示",
    noticeHint: "例如谁可以使用此控制台。任何人都能看到。",
    support: "无法登录时的求助地址",
    supportHint: "mailto: 或 https: 地址。",
  },
};
