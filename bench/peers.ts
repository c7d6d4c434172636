import type { Subject } from "./subjects.ts";

export const peersNamed = (names: readonly string[]): Subject[] =>
  names.map((name) => {
    throw new Error(name);
  });
