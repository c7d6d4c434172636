import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { TestServer } from "../e2e/support/server.ts";
import { attackerCount, attacks, firstAttacker } from "./attacks.ts";
import { type Talker, talkers } from "./chat.ts";
import { anonymousBytes } from "./counters.ts";
import { isPinnable } from "./generate.ts";
import { closeAll, localPart, LoadSession, type LoginOptions, password, pause, until } from "./session.ts";
import { pin } from "./subjects.ts";
import { machine } from "./table.ts";
import { percentiles } from "./workload.ts";

/**
 * Two people chat on a server as it is shipped, others log in, and somebody attacks: first nobody, then one attack after the
 * other, then all together. The attackers give way to those who measure; the server has a core of its own.
 *
 * `node bench/under-attack.ts [--seconds N] [--idle N] [--only NAME,NAME]`
 */
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "15" },
    idle: { type: "string", default: "2000" },
    only: { type: "string" },
  },
});
const seconds = Number(values.seconds);
/** What p99 may be of the quiet one; how long memory may take to be what it was before all attacks, and what it may differ. */
const mostRatio = 3;
const givenBackMs = 60_000;
const memorySlack = 1.25;
const messageEveryMs = 5;
const loginEveryMs = 500;
/** Whoever logs in beside the attacks. */
const newcomer = 2;
const attacker = fileURLToPath(new URL("attacker.ts", import.meta.url));

interface Seen {
  readonly p50: number;
  readonly p99: number;
  readonly lost: number;
  readonly logins: number;
  readonly refused: number;
  readonly slowestLoginMs: number;
}

const measuredOn = machine();
const core = isPinnable() ? 0 : null;
if (core !== null) pin(process.pid, 1);
const server = await TestServer.start({ env: { NIGHTPOST_LOG: "error" } });
try {
  if (core !== null) pin(server.pid, core);
  const { policy } = await server.api.policy.get();
  const registration = { ...policy.registration, mode: "open" as const };
  await server.api.policy.apply({ policy: { ...policy, registration }, comment: "open", force: true });
  for (let index = 0; index < firstAttacker + attackerCount; index += 1)
    await server.register(localPart(index), password);
  await measure();
} finally {
  await server.stop();
}

async function measure(): Promise<void> {
  const options: LoginOptions = { port: server.c2sPort, isTls: false, mechanism: "SCRAM-SHA-1" };
  const pair = await talkers(options, 2);
  console.log(`${measuredOn}\n`);
  console.log(
    "| attack | p50 / p99, ms | p99 to the quiet one | lost | logins, refused, slowest ms | MB: before, most, after | given back in | target |",
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
  // Code is compiled, and the store has grown to its size.
  await watched(pair, options, []);
  const quiet = await watched(pair, options, []);
  console.log(`| none | ${times(quiet.seen)} | 1 | ${quiet.seen.lost} | ${logins(quiet.seen)} | | | |`);
  const names = [...attacks.keys()].filter((name) => values.only?.split(",").includes(name) !== false);
  for (const some of [...names.map((name) => [name]), ...(names.length > 1 ? [names] : [])]) {
    const { seen, before, most, after, givenBackS } = await watched(pair, options, some, quiet.after);
    const ratio = seen.p99 / quiet.seen.p99;
    const isMet = ratio <= mostRatio && seen.lost === 0 && seen.refused === 0 && givenBackS !== null;
    const memory = [before, most, after].map((bytes) => Math.round(bytes / 2 ** 20)).join(", ");
    console.log(
      `| ${some.length > 1 ? "all together" : some[0]} | ${times(seen)} | ${ratio.toFixed(2)} | ${seen.lost} | ${logins(seen)} | ${memory} | ${givenBackS === null ? "-" : `${givenBackS.toFixed(0)} s`} | ${isMet ? "met" : "**missed**"} |`,
    );
  }
  await closeAll(pair.map(({ session }) => session));
}

function times({ p50, p99 }: Seen): string {
  return `${p50.toFixed(2)} / ${p99.toFixed(2)}`;
}

function logins({ logins: all, refused, slowestLoginMs }: Seen): string {
  return `${all}, ${refused}, ${slowestLoginMs.toFixed(0)}`;
}

/** What those who are honest notice of some attacks, and how long it takes until the server has no more memory than `usual`. */
async function watched(
  pair: readonly Talker[],
  options: LoginOptions,
  names: readonly string[],
  usual = Number.POSITIVE_INFINITY,
) {
  const before = anonymousBytes(server.pid);
  const args = [attacker, String(server.c2sPort), String(seconds), values.idle, ...names];
  const child =
    names.length === 0 ? null : spawn("chrt", ["--idle", "0", process.execPath, ...args], { stdio: "inherit" });
  const gone = child === null ? pause(seconds * 1000) : once(child, "exit");
  let isOver = false;
  const over = gone.finally(() => (isOver = true));
  let most = before;
  const memory = setInterval(() => (most = Math.max(most, anonymousBytes(server.pid))), 200);
  const [talk, login] = await Promise.all([talking(pair, () => isOver), comings(options, () => isOver), over]);
  clearInterval(memory);
  const endedAt = performance.now();
  const isBack = (): boolean => anonymousBytes(server.pid) <= usual * memorySlack;
  while (!isBack() && performance.now() - endedAt < givenBackMs) await pause(250);
  const givenBackS = isBack() ? (performance.now() - endedAt) / 1000 : null;
  return { seen: { ...talk, ...login }, before, most, after: anonymousBytes(server.pid), givenBackS };
}

/** One writes to the other at a steady rate. */
async function talking(
  [from, to]: readonly Talker[],
  isOver: () => boolean,
): Promise<Pick<Seen, "p50" | "p99" | "lost">> {
  const sent: number[] = [];
  const latencies: number[] = [];
  to!.session.onBytes = (bytes, length) => {
    const now = performance.now();
    for (let left = to!.reader.take(bytes, length); left > 0; left -= 1) latencies.push(now - sent.shift()!);
  };
  from!.session.onBytes = () => undefined;
  for (let next = performance.now() + messageEveryMs; !isOver(); next += messageEveryMs) {
    await pause(Math.max(0, next - performance.now()));
    sent.push(performance.now());
    from!.session.write(from!.writer.next());
  }
  await until(() => sent.length === 0 || from!.session.isClosed || to!.session.isClosed);
  return { ...percentiles(latencies), lost: sent.length };
}

/** Somebody comes from an address of no attacker, with the right password, and goes. */
async function comings(
  options: LoginOptions,
  isOver: () => boolean,
): Promise<Pick<Seen, "logins" | "refused" | "slowestLoginMs">> {
  const seen = { logins: 0, refused: 0, slowestLoginMs: 0 };
  while (!isOver()) {
    const begin = performance.now();
    seen.logins += 1;
    try {
      await (await LoadSession.login(newcomer, options)).close();
      seen.slowestLoginMs = Math.max(seen.slowestLoginMs, performance.now() - begin);
    } catch (error) {
      console.error(String(error));
      seen.refused += 1;
    }
    await pause(loginEveryMs);
  }
  return seen;
}
