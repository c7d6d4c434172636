import type { Shape } from "../shape.ts";

/** The same deed on many accounts. */
export const en = {
  pageSelected:
    "{count, plural, one {The only one of this page is selected.} other {All # of this page are selected.}}",
  selectAll: "Select all that match, on every page",
  selectAllOf: "Select all {total, number} that match",
  allSelected:
    "{except, plural, =0 {All that match are selected, on every page.} one {All that match are selected, but for one.} other {All that match are selected, but for #.}}",
  allMatching: "All that match",
  actions: {
    suspend: {
      name: "Suspend",
      title: "Suspend all that match",
      text: "Sessions end at once and log-ins are refused until the suspension is lifted. Messages are still stored and forwarded.",
      start: "{count, plural, one {Suspend # account} other {Suspend # accounts}}",
    },
    resume: {
      name: "Resume",
      title: "Lift the suspension of all that match",
      text: "They may log in again.",
      start: "{count, plural, one {Resume # account} other {Resume # accounts}}",
    },
    "end-sessions": {
      name: "End sessions",
      title: "End the sessions of all that match",
      text: "Their clients may connect again at once.",
      start: "{count, plural, one {End the sessions of # account} other {End the sessions of # accounts}}",
    },
    "expire-password": {
      name: "Expire passwords",
      title: "Expire the passwords of all that match",
      text: "Each account gets a password that nobody knows, its sessions and tokens end. Whoever owns it needs a reset link to come back.",
      start: "{count, plural, one {Expire # password} other {Expire # passwords}}",
    },
    tag: {
      name: "Tag",
      title: "Put a tag on accounts",
      text: "A tag is for admins only: it finds accounts again, and changes nothing for those who own them.",
      start: "{count, plural, one {Tag # account} other {Tag # accounts}}",
    },
    untag: {
      name: "Remove tag",
      title: "Take a tag off accounts",
      text: "Accounts that do not have it stay as they are.",
      start: "{count, plural, one {Take it off # account} other {Take it off # accounts}}",
    },
    delete: {
      name: "Delete",
      title: "Delete all that match",
      text: "Roster, offline messages, vCard and private data go with each account. This cannot be undone.",
      start: "{count, plural, one {Delete # account} other {Delete # accounts}}",
    },
  },
  word: "Tag",
  wordHelp: "1 to 32 letters, digits, dots, hyphens or underscores. Upper case becomes lower case.",
  announce: "Announce",
  count: "{count, plural, =0 {No account matches.} one {# account matches.} other {# accounts match.}}",
  sessions: "{count, plural, one {# session ends.} other {# sessions end.}}",
  messages: "{count, plural, one {# waiting message is deleted.} other {# waiting messages are deleted.}}",
  more: "and {count, number} more",
  leftOut: "{count, plural, one {# is left out:} other {# are left out:}}",
  leftOutWhy: { self: "your own account", role: "has a role that you may not change" },
  jobs: "Jobs on accounts",
  jobAction: "What is done",
  jobProgress: "{done, number} of {matching, number} accounts done",
};

export const zh: Shape<typeof en> = {
  pageSelected: "已选择本页全部 {count} 个账号。",
  selectAll: "选择所有页中符合条件的账号",
  selectAllOf: "选择全部 {total, number} 个符合条件的账号",
  allSelected: "{except, plural, =0 {已选择所有页中符合条件的账号。} other {已选择所有符合条件的账号，排除 # 个。}}",
  allMatching: "所有符合条件的账号",
  actions: {
    suspend: {
      name: "停用",
      title: "停用所有符合条件的账号",
      text: "会话立即结束，恢复之前无法登录。消息仍会保存并转发。",
      start: "停用 {count} 个账号",
    },
    resume: {
      name: "恢复",
      title: "恢复所有符合条件的账号",
      text: "这些账号可以重新登录。",
      start: "恢复 {count} 个账号",
    },
    "end-sessions": {
      name: "结束会话",
      title: "结束所有符合条件的账号的会话",
      text: "客户端可以立即重新连接。",
      start: "结束 {count} 个账号的会话",
    },
    "expire-password": {
      name: "使密码失效",
      title: "使所有符合条件的账号的密码失效",
      text: "每个账号换成无人知道的密码，其会话与令牌随即结束。账号所有者需要重置链接才能重新登录。",
      start: "使 {count} 个密码失效",
    },
    tag: {
      name: "添加标签",
      title: "为账号添加标签",
      text: "标签只供管理员查找账号使用，对账号所有者没有任何影响。",
      start: "为 {count} 个账号添加标签",
    },
    untag: {
      name: "移除标签",
      title: "从账号移除标签",
      text: "没有该标签的账号保持不变。",
      start: "从 {count} 个账号移除标签",
    },
    delete: {
      name: "删除",
      title: "删除所有符合条件的账号",
      text: "联系人、离线消息、名片与私有数据将随账号一并删除，无法恢复。",
      start: "删除 {count} 个账号",
    },
  },
  word: "标签",
  wordHelp: "1 至 32 个字母、数字、点、连字符或下划线。大写会变为小写。",
  announce: "发公告",
  count: "{count, plural, =0 {没有符合条件的账号。} other {# 个账号符合条件。}}",
  sessions: "将结束 {count} 个会话。",
  messages: "将删除 {count} 条待收消息。",
  more: "另有 {count, number} 个",
  leftOut: "{count} 个不在其中：",
  leftOutWhy: { self: "您自己的账号", role: "拥有您无权更改的角色" },
  jobs: "账号任务",
  jobAction: "操作",
  jobProgress: "已完成 {done, number} / {matching, number} 个账号",
};
