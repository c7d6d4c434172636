import { expect, test } from "vitest";
import { CommandSessions } from "./sessions.ts";

const stage = { entity: "example.org", node: "greet", stages: [], isLast: true };
const find = (sessions: CommandSessions, requester: string, id: string, now = 0) =>
  sessions.find(requester, id, stage.entity, stage.node, now);

test("those of 2,000 requesters are kept; the one who went on longest ago is forgotten", () => {
  const sessions = new CommandSessions();
  const ids = Array.from({ length: 2_000 }, (_, index) => sessions.keep(`user${index}@x/y`, stage, null, 0));
  sessions.keep("user0@x/y", stage, find(sessions, "user0@x/y", ids[0]!)!, 0);
  sessions.keep("late@x/y", stage, null, 0);
  expect(find(sessions, "user0@x/y", ids[0]!)).toBeDefined();
  expect(find(sessions, "user1@x/y", ids[1]!)).toBeUndefined();
  expect(find(sessions, "user2@x/y", ids[2]!)).toBeDefined();
});

test("what has expired is forgotten, what goes on is not", () => {
  const sessions = new CommandSessions();
  const old = sessions.keep("old@x/y", stage, null, 0);
  const going = sessions.keep("going@x/y", stage, null, 0);
  sessions.keep("going@x/y", stage, find(sessions, "going@x/y", going)!, 500_000);
  sessions.forgetExpired(600_000);
  expect(find(sessions, "old@x/y", old)).toBeUndefined();
  expect(find(sessions, "going@x/y", going, 600_000)).toBeDefined();
});
