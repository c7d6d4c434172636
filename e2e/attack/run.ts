/**
 * `npm run attack`: every rule of docs/security-rules.md against fresh servers, through their front doors. Prints passed and
 * failed for each group; names of groups, such as `sasl`, run only those. Ends with `N passed, N failed`.
 */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { run } from "node:test";
import { inspect } from "node:util";

const directory = import.meta.dirname;
const titles = new Map([
  ["stream", "XML and streams"],
  ["sasl", "SASL"],
  ["guessing", "guessing passwords"],
  ["routing", "routing and spoofing"],
  ["registration", "registration"],
  ["invited-roles", "invites that give a role"],
  ["quotas", "quotas"],
  ["abuse", "abuse by accounts"],
  ["stream-management", "stream management"],
  ["web-streams", "WebSocket and BOSH"],
  ["services", "rooms and nodes"],
  ["http", "HTTP"],
  ["api", "admin API"],
  ["console", "console and uploaded files"],
  ["forward", "forwarding"],
  ["canary", "secrecy of bodies"],
  ["load", "load"],
  ["durability", "durability"],
]);
const nameOf = (file: string): string => basename(file, ".test.ts");

const wanted = process.argv.slice(2);
const files = readdirSync(directory)
  .filter((file) => file.endsWith(".test.ts") && (wanted.length === 0 || wanted.includes(nameOf(file))))
  .map((file) => join(directory, file));
const unknown = wanted.find((name) => !files.some((file) => nameOf(file) === name));
if (unknown !== undefined) {
  console.error(`there is no group ${unknown}; there are ${[...titles.keys()].join(", ")}`);
  process.exit(2);
}

interface Group {
  passed: number;
  failed: number;
  skipped: number;
}
const groups = new Map<string, Group>(files.map((file) => [nameOf(file), { passed: 0, failed: 0, skipped: 0 }]));
const groupOf = (file: string | undefined): Group | undefined => groups.get(nameOf(file ?? ""));
const isCase = (details: { type?: string }, name: string): boolean =>
  details.type !== "suite" && !name.endsWith(".test.ts");

const events = run({ files, concurrency: 1, timeout: 300_000 });
events.on("test:pass", ({ file, name, details, skip }) => {
  const group = groupOf(file);
  if (group === undefined || !isCase(details, name)) return;
  if (skip === undefined) group.passed += 1;
  else {
    group.skipped += 1;
    console.error(`not run: ${nameOf(file ?? "")}: ${name}: ${String(skip)}`);
  }
});
events.on("test:fail", ({ file, name, details }) => {
  const group = groupOf(file);
  if (group === undefined || details.type === "suite") return;
  group.failed += 1;
  const { error } = details;
  console.error(`FAILED: ${nameOf(file ?? "")}: ${name}\n${inspect(error.cause ?? error)}\n`);
});
events.on("test:diagnostic", ({ file, message }) => {
  if (file !== undefined && message.startsWith("seen: ")) console.error(`${nameOf(file)}: ${message.slice(6)}`);
});
events.resume();
await new Promise((resolve) => events.once("end", resolve));

const total = { passed: 0, failed: 0 };
for (const [name, title] of titles) {
  const group = groups.get(name);
  if (group === undefined) continue;
  // A group whose cases did not even begin is no group that passed.
  if (group.passed + group.failed === 0) group.failed = 1;
  total.passed += group.passed;
  total.failed += group.failed;
  const notRun = group.skipped === 0 ? "" : `, ${group.skipped} not run`;
  console.log(`${title.padEnd(28)} ${group.passed} passed, ${group.failed} failed${notRun}`);
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
