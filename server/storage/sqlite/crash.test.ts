import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { HOST } from "../conformance/samples.ts";
import { openSqlite } from "./client.ts";
import { temporaryDirectories } from "./testing.ts";

const newDirectory = temporaryDirectories();

/** Lets a process commit until `count` messages were acknowledged, kills it, and answers with all that it acknowledged. */
async function killAfter(directory: string, start: number, count: number): Promise<number[]> {
  const script = fileURLToPath(new URL("./crash-child.ts", import.meta.url));
  const child = spawn(process.execPath, [script, directory, String(start)], { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  const acknowledged: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length === count) child.kill("SIGKILL");
  }
  // Killed by us, not ended by an error of its own.
  expect(await exit).toEqual([null, "SIGKILL"]);
  return acknowledged;
}

it("keeps every acknowledged message and forward over kill -9, in order", { timeout: 60_000 }, async () => {
  const directory = newDirectory();
  const acknowledged: number[] = [];
  for (const [round, count] of [1, 700, 2500].entries()) {
    const start = round * 1_000_000;
    const fresh = await killAfter(directory, start, count);
    expect(fresh.length).toBeGreaterThanOrEqual(count);
    acknowledged.push(...fresh);

    const stores = await openSqlite({ directory });
    const kept: number[] = [];
    let after = 0;
    for (;;) {
      const rows = await stores.offline.read(HOST, "juliet", after, 1000);
      kept.push(...rows.map(({ xml }) => Number(xml)));
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.id;
    }
    const keptSet = new Set(kept);
    expect(acknowledged.filter((number) => !keptSet.has(number))).toEqual([]);
    expect(kept).toEqual(kept.toSorted((a, b) => a - b));
    expect(keptSet.size).toBe(kept.length);
    expect((await stores.offline.depth(HOST, "juliet")).messages).toBe(kept.length);
    const backlog = kept.length;
    expect(await stores.outbox.due()).toMatchObject([
      { target: "push", backlog },
      { target: "web", backlog },
    ]);
    const [web] = await stores.outbox.claim("web", Number.MAX_SAFE_INTEGER, 0, 1, backlog);
    expect(web?.events.map(({ id }) => id)).toEqual(kept.map((number) => `e${number}`));
    const [push] = await stores.outbox.claim("push", Number.MAX_SAFE_INTEGER, 0, 1, backlog);
    expect(push?.events.map(({ id }) => id)).toEqual(kept.map((number) => `p${number}_phone`));
    await stores.outbox.reclaim(Infinity);
    await stores.close();
  }
});
