// The console's stories share one server. An account that two of them use is one that each of them finds changed by the other,
// in whatever order they happen to run, so every account belongs to one story file and to the stages that it imports.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const folder = join(root, "e2e/console");
/** The admin of all stories. */
const shared = "story.ts";

/** Accounts at `localhost`, by address or by the name that is registered or logged in. */
const uses = [/\b([\w.-]+)(?:@|%40)localhost\b/g, /\.register\("([\w.-]+)"/g, /\bchatAs\([\w.]+, "([\w.-]+)"/g];

export function storyAccounts() {
  const files = new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith(".ts"))
      .map((name) => [name, read(name)]),
  );
  const everybodys = files.get(shared)?.accounts ?? new Set();
  const owners = new Map();
  const taken = [];
  for (const [file, { accounts, imports, hasOwnServer }] of files)
    for (const account of accounts) {
      if (hasOwnServer || everybodys.has(account)) continue;
      const owner = owners.get(account);
      if (owner === undefined) owners.set(account, file);
      else if (!imports.has(owner) && !files.get(owner).imports.has(file))
        taken.push(`${file}: ${account}@localhost is an account of ${owner}`);
    }
  return { code: taken.length === 0 ? 0 : 1, output: taken.join("\n") };
}

function read(name) {
  const text = readFileSync(join(folder, name), "utf8");
  return {
    accounts: new Set(uses.flatMap((use) => [...text.matchAll(use)].map(([, account]) => account))),
    imports: new Set([...text.matchAll(/from "\.\/([\w.-]+)"/g)].map(([, file]) => file)),
    hasOwnServer: name !== shared && /\b(?:TestServer\.start|nightpost)\(/.test(text),
  };
}
