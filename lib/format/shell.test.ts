import { expect, test } from "vitest";
import { commandLine, curlOf, shellWord } from "./shell.ts";

test.each([
  ["anna@example.org", "anna@example.org"],
  ["two words", "'two words'"],
  ["it's", `'it'\\''s'`],
  ["", "''"],
  ["$(reboot)", "'$(reboot)'"],
])("%j as a shell word", (text, expected) => {
  expect(shellWord(text)).toBe(expected);
});

test("a command keeps variables", () => {
  expect(commandLine("nightpost", "register", "anna", "example.org", "$PASSWORD")).toBe(
    'nightpost register anna example.org "$PASSWORD"',
  );
});

test("curl quotes the body", () => {
  expect(curlOf("https://h", { method: "POST", path: "/users", body: { local: "o'neil" } })).toBe(
    `curl -X POST https://h/api/v1/users \\\n  -H "Authorization: Bearer $NIGHTPOST_KEY" \\\n  -H 'Content-Type: application/json' \\\n  -d '{"local":"o'\\''neil"}'`,
  );
});
