import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { receivers } from "./receivers.ts";

const manual = readFileSync(new URL("../../docs/forwarding.md", import.meta.url), "utf8");

// The texts of the manual are run against real signatures (server/forward/webhook/signer.test.ts).
test.each([
  ["js", receivers.node],
  ["python", receivers.python],
  ["go", receivers.go],
  ["php", receivers.php],
])("the console shows the receiver of the manual: %s", (language, code) => {
  expect(manual).toContain(`\`\`\`${language}\n${code}\`\`\``);
});
