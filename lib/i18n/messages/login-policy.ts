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
};

export const zh: Shape<typeof en> = {
  title: "控制台登录",
  lead: "属于策略：每次更改都是一个版本。",
  hours: "会话时长（小时）",
  hoursHint: "到时需再次输入密码。适用于此后开始的会话。",
  secondFactor: "要求第二因素的角色",
  secondFactorHint: "拥有此类角色而没有第二因素的人只能添加第二因素。",
  addresses: "只允许从以下地址登录",
  addressesHint: "IP 地址或地址段，每行一个；留空表示不限。对已打开的会话同样有效。脚本的密钥有各自的列表。",
  audit: "审计记录保留",
  auditHint: "更旧的记录从旧端删除，其余部分的链仍然有效。",
  forGood: "永久",
  days: "{count} 天",
};
