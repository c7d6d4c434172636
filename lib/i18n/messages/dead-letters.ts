import type { Shape } from "../shape.ts";

export const en = {
  title: "Dead letters",
  lead: "Events that were given up. They are kept for 30 days with every attempt, and can be attempted again with the same ids.",
  reason: "Reason",
  died: "Given up",
  empty: "Nothing was given up",
  emptyText: "Every event arrived, or is still being attempted.",
  replaySelected: "Replay selected…",
  recover: "Recover…",
  recoverTitle: "Recover after an outage",
  recoverText: "Runs as a job, no faster than the target takes it, in the order of each recipient.",
  which: "What",
  kinds: { failed: "What failed", missing: "What it missed" },
  kindTexts: {
    failed: "Events for the target that were given up since then, and did not succeed later.",
    missing:
      "Messages kept since then that match the rules of today and have no event for the target, such as those from before it was added.",
  },
  counts: {
    failed: "{count, plural, =0 {Nothing failed.} one {# event failed.} other {# events failed.}}",
    missing: "{count, plural, =0 {Nothing is missing.} one {# message is missing.} other {# messages are missing.}}",
  },
  start: "{count, plural, one {Send # event} other {Send # events}}",
  since: "Since",
  spans: {
    hour: "an hour ago",
    day: "24 hours ago",
    days3: "3 days ago",
    week: "7 days ago",
    month: "30 days ago",
    exact: "an exact time",
  },
  jobs: "Jobs",
  jobKinds: { dead: "Replay of dead events", missing: "What a target missed" },
};

export const zh: Shape<typeof en> = {
  title: "死信",
  lead: "已放弃的事件，连同每次尝试保留 30 天，可以用相同编号再次尝试。",
  reason: "原因",
  died: "放弃时间",
  empty: "没有被放弃的事件",
  emptyText: "所有事件均已送达，或仍在尝试。",
  replaySelected: "重放所选…",
  recover: "补发…",
  recoverTitle: "故障后补发",
  recoverText: "作为任务运行，速度取决于目标的接收能力，并保持每个收件人的顺序。",
  which: "内容",
  kinds: { failed: "失败的", missing: "遗漏的" },
  kindTexts: {
    failed: "自那时起为该目标放弃、之后也未成功的事件。",
    missing: "自那时起保留、符合当前规则但没有该目标事件的消息，例如添加目标之前的消息。",
  },
  counts: {
    failed: "{count, plural, =0 {没有失败的事件。} other {有 # 个失败的事件。}}",
    missing: "{count, plural, =0 {没有遗漏的消息。} other {遗漏了 # 条消息。}}",
  },
  start: "发送 {count} 个事件",
  since: "自",
  spans: {
    hour: "1 小时前",
    day: "24 小时前",
    days3: "3 天前",
    week: "7 天前",
    month: "30 天前",
    exact: "确切时间",
  },
  jobs: "任务",
  jobKinds: { dead: "重放已放弃的事件", missing: "补发目标遗漏的消息" },
};
