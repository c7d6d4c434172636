import { expect, test } from "vitest";
import { closeUp } from "./joints.ts";

test.each([
  ["控制套接字", " 创建了账号 ", "anna@h", "创建了账号 "],
  ["anna@h", " 创建了账号 ", "bob@h", " 创建了账号 "],
  ["anna@h 开始对 ", " 执行任务", "", " 执行任务"],
  ["3 个账号", " 执行任务", "", "执行任务"],
  ["配置", " 将 ", "所有主机", "将"],
  ["control socket", " created ", "anna@h", " created "],
  ["配置", " ", "anna@h", " "],
])("%s|%s|%s", (before, part, after, closed) => {
  expect(closeUp(part, before, after)).toBe(closed);
});
