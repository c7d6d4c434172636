import type { Shape } from "../shape.ts";

export const en = {
  suggestions: "Suggestions",
  "no-term": "There is no filter {name}. Put text with a colon in quotes. There are:",
  "bad-value": "{value} is not possible for {name}.",
  "bad-time": "{value} is no time for {name}: write <2h, >30d, 2026-01-31 or >2026-01-31.",
  twice: "{name} is there twice.",
  "no-not": "{name} cannot be turned round.",
  not: "not {term}",
};

export const zh: Shape<typeof en> = {
  suggestions: "建议",
  "no-term": "没有筛选条件 {name}。含冒号的文字请加引号。可用的有：",
  "bad-value": "{name} 不能是 {value}。",
  "bad-time": "{value} 不是 {name} 可用的时间：请写 <2h、>30d、2026-01-31 或 >2026-01-31。",
  twice: "{name} 出现了两次。",
  "no-not": "{name} 不能取反。",
  not: "排除 {term}",
};
