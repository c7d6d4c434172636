import { expect, test } from "vitest";
import { Manifest } from "./manifest.ts";
import { newEncryption } from "./sealing.ts";

const about = {
  format: 1,
  id: "one",
  createdAt: 0,
  createdBy: "boss",
  version: "1.2.3",
  storeVersion: 1,
  hosts: [],
  counts: {},
  keys: [],
  files: [],
};

test.each([
  ["as we make it", {}, true],
  ["all the memory there is", { n: 1 << 20, r: 32 }, false],
  ["a number of rounds that is no power of two", { n: 1000 }, false],
  ["no rounds", { n: 0 }, false],
  ["a day of work", { p: 1 << 20 }, false],
])("how the key is made of the passphrase: %s", (_, change, isTaken) => {
  const encryption = { ...newEncryption(), ...change };
  expect(Manifest.safeParse({ ...about, encryption }).success).toBe(isTaken);
});
