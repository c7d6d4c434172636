import { array, assert, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import { giveBack, keepBytes } from "./kept-bytes.ts";

const filled = (length: number, value: number): Buffer => Buffer.alloc(length, value);

test("what is kept is what came, in its order, whatever was kept and given back before", () => {
  const piece = record({ length: integer({ min: 0, max: 40_000 }), value: integer({ min: 0, max: 255 }) });
  assert(
    property(array(array(piece, { minLength: 1, maxLength: 4 }), { maxLength: 8 }), (streams) => {
      const open = streams.map((pieces) => {
        const parts = pieces.map(({ length, value }) => filled(length, value));
        const kept = parts.reduce<Buffer | null>((before, part) => keepBytes(before, part), null)!;
        return { kept, expected: Buffer.concat(parts) };
      });
      // All are kept at once: none may lie where another one does.
      for (const { kept, expected } of open) expect(kept.equals(expected)).toBe(true);
      for (const { kept } of open) giveBack(kept);
    }),
    { numRuns: 200 },
  );
});

test("a block is used again, once for each time that it is given back", () => {
  const first = keepBytes(null, filled(5_000, 1));
  giveBack(first);
  giveBack(first);
  const [second, third] = [keepBytes(null, filled(32 * 1024, 2)), keepBytes(null, filled(6_000, 3))];
  expect(second.buffer).toBe(first.buffer);
  expect(third.buffer).not.toBe(second.buffer);
  expect([second[0], third[0]]).toEqual([2, 3]);
  giveBack(second);
  giveBack(third);
});

test("few bytes have no block, and what was read elsewhere is nobody's block", () => {
  const [few, foreign] = [keepBytes(null, filled(100, 1)), filled(10_000, 1)];
  for (const one of [few, foreign]) giveBack(one);
  expect(keepBytes(null, filled(10_000, 2)).buffer).not.toBe(few.buffer);
  expect(keepBytes(null, filled(10_000, 2)).buffer).not.toBe(foreign.buffer);
});
