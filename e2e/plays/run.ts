import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parsePlay } from "./grammar.ts";
import { perform } from "./perform.ts";
import { nightpostStage } from "./stage-nightpost.ts";
import { prosodyStage } from "./stage-prosody.ts";
import type { Stage } from "./stage.ts";

const stages = new Map<string, () => Promise<Stage>>([
  ["nightpost tcp", () => nightpostStage("tcp")],
  ["nightpost websocket", () => nightpostStage("websocket")],
  ["nightpost bosh", () => nightpostStage("bosh")],
  ["prosody tcp", prosodyStage],
]);
const directory = fileURLToPath(new URL(".", import.meta.url));

/**
 * `node e2e/plays/run.ts [--against nightpost|prosody] [--transport tcp|websocket|bosh] [part of a play's name …]`; exits 0 when all
 * plays pass.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { against: { type: "string", default: "nightpost" }, transport: { type: "string", default: "tcp" } },
  });
  const open = stages.get(`${values.against} ${values.transport}`);
  if (open === undefined) {
    console.error(`--against and --transport take ${[...stages.keys()].join(" or ")}`);
    return 2;
  }
  const names = readdirSync(directory)
    .filter((name) => name.endsWith(".play"))
    .filter((name) => positionals.length === 0 || positionals.some((part) => name.includes(part)))
    .toSorted();
  if (names.length === 0) {
    console.error("no play has such a name");
    return 2;
  }
  const stage = await open();
  let passed = 0;
  let failed = 0;
  let left = 0;
  try {
    for (const [index, name] of names.entries()) {
      const outcome = await result(name, stage, `p${index}`);
      if (outcome === "passed") passed += 1;
      else if (outcome === "failed") failed += 1;
      else left += 1;
    }
  } finally {
    await stage.stop();
  }
  if (left > 0) console.log(`${left} not performed, for the reasons that they give`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function result(name: string, stage: Stage, mark: string): Promise<"passed" | "failed" | "not performed"> {
  try {
    const play = parsePlay(readFileSync(`${directory}${name}`, "utf8"));
    if (play.onlyNightpost !== null && stage.name !== "nightpost") {
      console.log(`  -  ${name}: only for Nightpost: ${play.onlyNightpost}`);
      return "not performed";
    }
    if (stage.transport === "bosh" && play.steps.some(({ action }) => action.kind === "dies")) {
      console.log(`  -  ${name}: not over BOSH, where a client that is gone is missed after a minute`);
      return "not performed";
    }
    await perform(play, stage, mark);
    console.log(`  ok ${name}: ${play.title}`);
    return "passed";
  } catch (error) {
    console.log(`FAIL ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return "failed";
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
