import { expect, test } from "vitest";
import { arrange, moved, readLayout, toggled, writeLayout } from "./table-layout.ts";

const ids = ["status", "created", "queue"];
const laidOut = (text: string): string => writeLayout(ids, arrange(ids, readLayout(text)));

test.each([
  ["", ""],
  ["status,created,queue", ""],
  ["queue,status,created", "queue,status,created"],
  ["-created", "status,-created,queue"],
  ["queue,-created", "status,queue,-created"],
  // A column that is gone, one that is there twice, and one that came later.
  ["gone,queue,queue,status", "queue,status,created"],
])("%j is laid out as %j", (text, expected) => {
  expect(laidOut(text)).toBe(expected);
});

test("a column is hidden, shown and moved, and stays inside the table", () => {
  const plain = arrange(ids, []);
  expect(writeLayout(ids, toggled(plain, "queue"))).toBe("status,created,-queue");
  expect(writeLayout(ids, toggled(toggled(plain, "queue"), "queue"))).toBe("");
  expect(writeLayout(ids, moved(plain, "queue", -1))).toBe("status,queue,created");
  expect(writeLayout(ids, moved(plain, "queue", 1))).toBe("");
  expect(writeLayout(ids, moved(plain, "status", -1))).toBe("");
});
