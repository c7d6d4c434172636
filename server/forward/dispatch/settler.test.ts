import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { silentLog } from "../../core/log.ts";
import type { Outbox, Settlement } from "../../storage/ports.ts";
import { manualTime } from "../testing.ts";
import { Settler } from "./settler.ts";

const settlement = (seq: number): Settlement => ({
  seq,
  claim: "c",
  attempt: null,
  next: { state: "delivered" },
  at: 0,
});

test("what comes up during a write goes into the next one; a write that fails is repeated in order", async () => {
  const time = manualTime();
  const written: number[][] = [];
  const answers: PromiseWithResolvers<number>[] = [];
  const outbox: Pick<Outbox, "settle" | "release"> = {
    settle: (settlements) => {
      written.push(settlements.map(({ seq }) => seq));
      const answer = Promise.withResolvers<number>();
      answers.push(answer);
      return answer.promise;
    },
    release: () => Promise.resolve(),
  };
  const settler = new Settler(outbox, time.timers, silentLog);
  const freed: number[] = [];
  const owner = { settled: (lanes: number) => void freed.push(lanes) };

  settler.settle(settlement(1), owner, false);
  settler.settle(settlement(2), owner, true);
  await nextTurn();
  settler.settle(settlement(3), owner, true);
  expect(written).toEqual([[1, 2]]);

  answers[0]!.reject(new Error("disk"));
  await nextTurn();
  expect(freed).toEqual([]);
  await time.advance(200);
  expect(written).toEqual([
    [1, 2],
    [1, 2, 3],
  ]);
  answers[1]!.resolve(3);
  await settler.drained();
  expect(freed).toEqual([2]);
});

test.each([
  { each: [true, true], together: true },
  { each: [true, false], together: false },
])("outcomes that may wait ($each) are written as such: $together", async ({ each, together }) => {
  const seen: (boolean | undefined)[] = [];
  const outbox: Pick<Outbox, "settle" | "release"> = {
    settle: (settlements, canWait) => {
      seen.push(canWait);
      return Promise.resolve(settlements.length);
    },
    release: () => Promise.resolve(),
  };
  const settler = new Settler(outbox, manualTime().timers, silentLog);
  const owner = { settled: () => {} };
  for (const [seq, canWait] of each.entries()) settler.settle(settlement(seq), owner, true, canWait);
  await settler.drained();
  settler.settle(settlement(9), owner, true, true);
  await settler.drained();
  expect(seen).toEqual([together, true]);
});
