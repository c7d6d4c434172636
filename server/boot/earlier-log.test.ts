import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatRecord, type LogRecord } from "../core/log.ts";
import { earlierRecords, parseRecord } from "./earlier-log.ts";

const record: LogRecord = {
  at: Date.UTC(2026, 10, 22, 17, 0, 0, 5),
  level: "warn",
  module: "s2s",
  message: "a link could not be made: refused",
  fields: { host: "a.example", port: 5269, isRetried: true, reason: 'he said "no" key=value', list: { a: [1] } },
};

test.each([record, { ...record, fields: {} }, { ...record, message: "listening", level: "info" as const }])(
  "a line is read as the record that it was",
  (one) => {
    expect(parseRecord(formatRecord(one))).toEqual(one);
  },
);

test.each(["", "    at Router.route (router.ts:1:2)", "2026-11-22 warn s2s: no time", "x".repeat(10_000)])(
  "%j is no record",
  (text) => {
    expect(parseRecord(text)).toBeUndefined();
  },
);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "nightpost-log-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

test("the end of a file is read from the beginning of a line", () => {
  const file = join(directory, "nightpost.log");
  const lines = Array.from({ length: 40_000 }, (_, index) => formatRecord({ ...record, fields: { index } }));
  writeFileSync(file, `${lines.join("\n")}\n`);
  const read = earlierRecords(file);
  expect(read.length).toBeLessThan(40_000);
  expect(read.at(-1)?.fields).toEqual({ index: 39_999 });
  expect(read.every(({ message }) => message === record.message)).toBe(true);
});

test("without a file there is nothing from before", () => {
  expect(earlierRecords(null)).toEqual([]);
  expect(earlierRecords(join(directory, "none"))).toEqual([]);
});
