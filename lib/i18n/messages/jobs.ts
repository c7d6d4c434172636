import type { Shape } from "../shape.ts";

/** Work on many things, told as it goes. */
export const en = {
  states: { running: "running", done: "done", stopped: "stopped", failed: "ended by an error" },
  progress: "{done, number} of {matching, number}",
  failed: "{count, plural, one {# left as it is} other {# left as they are}}",
  failures: "Left as they are",
  moreFailures: "and {count, number} more",
  stop: "Stop",
  goesOn: "You may close this: the job goes on.",
  job: "Job",
  state: "State",
  done: "Progress",
  started: "Started",
  mine: "Your jobs",
  ended: "A job of yours has ended",
  on: {
    users: "Accounts",
    sessions: "Sessions",
    rooms: "Rooms",
    offline: "Offline messages",
    forward: "Replay",
  },
};

export const zh: Shape<typeof en> = {
  states: { running: "进行中", done: "完成", stopped: "已停止", failed: "因错误结束" },
  progress: "{done, number} / {matching, number}",
  failed: "{count} 个未处理",
  failures: "未处理",
  moreFailures: "另有 {count, number} 个",
  stop: "停止",
  goesOn: "可以关闭此窗口，任务会继续。",
  job: "任务",
  state: "状态",
  done: "进度",
  started: "开始时间",
  mine: "您的任务",
  ended: "您的一个任务已结束",
  on: { users: "账号", sessions: "会话", rooms: "聊天室", offline: "离线消息", forward: "重放" },
};
