import { createHash } from "node:crypto";

/** Repeatable pseudo-random numbers from 0 up to 1. */
export function* numbers(seed: string): Generator<number, never> {
  for (let index = 0; ; index += 1)
    yield createHash("sha256").update(`${seed} ${index}`).digest().readUInt32BE() / 2 ** 32;
}
