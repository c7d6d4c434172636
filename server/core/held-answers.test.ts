import { expect, test, vi } from "vitest";
import { Stanza } from "../xmpp/stanza.ts";
import { HeldAnswers } from "./held-answers.ts";

test("what waits for the disk is confirmed after it", async () => {
  const written: string[] = [];
  const commit = Promise.withResolvers<void>();
  const answers = new HeldAnswers((stanza) => written.push(stanza.id ?? ""));
  answers.answer(Stanza.parse("<iq id='1'/>"));
  answers.awaitCommit(commit.promise);
  answers.answer(Stanza.parse("<iq id='2'/>"));
  expect(written).toEqual(["1"]);
  commit.reject(new Error("the disk is full"));
  await expect.poll(() => written).toEqual(["1", "2"]);
});

test("a write is hurried once an answer waits for it", () => {
  const hurry = vi.fn();
  const answers = new HeldAnswers(() => undefined);
  answers.awaitCommit(new Promise(() => undefined), hurry);
  expect(hurry).not.toHaveBeenCalled();
  answers.inTurn(() => undefined);
  expect(hurry).toHaveBeenCalledOnce();
});
