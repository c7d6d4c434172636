import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { TestServer } from "../e2e/support/server.ts";
import { newEventId } from "../server/forward/event-id.ts";
import type { NewOutboxEvent } from "../server/storage/ports.ts";
import { storeFile } from "../server/storage/sqlite/client.ts";
import { openWriter } from "../server/storage/sqlite/database.ts";
import { engineOn } from "../server/storage/sqlite/engine.ts";
import { METHODS } from "../server/storage/sqlite/methods.ts";
import { anonymousBytes, residentBytes, threadCpuUs } from "./counters.ts";
import { cpuText, megabytes, perOperation, serverCore, type Row, type Scenario } from "./forward-stage.ts";
import { freePort } from "./ports.ts";
import { pause, until } from "./session.ts";
import { Sink } from "./sink.ts";
import { pin, type Nightpost } from "./subjects.ts";
import { demand } from "./workload.ts";

const queued = 1_000_000;
const dead = 100_000;
const lanes = 4_000;
const perStep = 500;

/** A data directory whose outbox holds so many events; each may only be sent in the order of its lane. */
async function filled(nightpost: Nightpost, port: number, count: number, failed?: string): Promise<string> {
  const data = nightpost.data();
  const running = await nightpost.start({ core: null, forwardTo: `http://127.0.0.1:${port}/`, data });
  await running.server.stop({ keepData: true });
  const db = openWriter(join(data, storeFile));
  db.exec("PRAGMA synchronous = OFF");
  const engine = engineOn(db, Date.now);
  const add = METHODS.findIndex((entry) => entry.port === "outbox" && entry.method === "add");
  for (let from = 0; from < count; from += perStep) {
    const events = Array.from({ length: Math.min(perStep, count - from) }, (_, index) => eventOf(from + index, failed));
    engine.run([{ method: add, args: [events] }], false);
  }
  db.close();
  return data;
}

function eventOf(index: number, failed: string | undefined): NewOutboxEvent {
  const lane = index % lanes;
  const user = `u${1000 + lane}@localhost`;
  const now = Date.now();
  const number = Math.floor(index / lanes)
    .toString(36)
    .padStart(6, "0");
  return {
    id: newEventId(),
    target: "bench",
    rule: "bench",
    lane: user,
    host: "localhost",
    user,
    from: "u0@localhost/load",
    type: "chat",
    contentType: "application/x-www-form-urlencoded",
    payload: `from=u0%40localhost%2Fload&to=u${1000 + lane}%40localhost&body=00${number}${"+x".repeat(60)}`,
    class: "chat",
    cancelOn: "never",
    maxWaiting: 10_000_000,
    maxWaitingPerRecipient: 100_000,
    ...(failed === undefined ? {} : { failed }),
    createdAt: now,
    dueAt: now,
    expiresAt: now + 86_400_000,
    maxAttempts: 12,
  };
}

const sizeOf = (data: string): number =>
  readdirSync(data).reduce((sum, name) => sum + statSync(join(data, name)).size, 0);

/** A start with a million events waiting, and what one costs while they are worked off. */
export const backlog: Scenario = async ({ nightpost, seconds }) => {
  const port = await freePort();
  const data = await filled(nightpost, port, queued);
  const bytes = sizeOf(data);
  const sink = await Sink.start(port);
  const startedAt = performance.now();
  let firstAt = 0;
  sink.onRequest = () => {
    firstAt ||= performance.now();
  };
  const server = await TestServer.start({ data, env: { NIGHTPOST_LOG: "warn" } });
  if (serverCore !== null) pin(server.pid, serverCore);
  await until(() => firstAt > 0);
  await pause(2_000);
  // In order from here on: what was sent before has been seen without being read.
  const before = threadCpuUs(server.pid);
  const received = sink.received;
  const from = performance.now();
  await pause(seconds * 1000);
  const done = sink.received - received;
  const perSecond = (done * 1000) / (performance.now() - from);
  const cost = perOperation(before, server.pid, done);
  const own = anonymousBytes(server.pid);
  const busy = await pageMs(server);
  sink.delayMs = 1_000;
  await pause(2_000);
  const calm = await pageMs(server);
  const memory = residentBytes(server.pid);
  await server.stop();
  await sink.stop();
  return [
    { what: "a million events wait: size of the store", value: megabytes(bytes), goal: "" },
    {
      what: "from the start of the process to the first POST",
      value: `${((firstAt - startedAt) / 1000).toFixed(2)} s`,
      goal: "2 s",
    },
    { what: "memory of its own while they are sent", value: megabytes(own), goal: "200 MB" },
    { what: "resident with the pages of the store's file, once the log was read", value: megabytes(memory), goal: "" },
    {
      what: "sent, with the store on the same core",
      value: `${perSecond.toFixed(0)} a second, ${cpuText(cost)}`,
      goal: "",
    },
    { what: "a page of the log meanwhile, median and slowest of 20", value: busy, goal: "" },
    { what: "a page of the log with 32 sent a second", value: calm, goal: "50 ms" },
  ];
};

async function pageMs(server: TestServer): Promise<string> {
  const pages: number[] = [];
  for (let index = 0; index < 20; index += 1) {
    const askedAt = performance.now();
    await server.api.forward.list({ limit: 100 });
    pages.push(performance.now() - askedAt);
  }
  pages.sort((a, b) => a - b);
  return `${pages[10]!.toFixed(0)} and ${pages.at(-1)!.toFixed(0)} ms`;
}

/** A hundred thousand dead events, attempted again by a filter. */
export const replay: Scenario = async ({ nightpost }) => {
  const port = await freePort();
  const data = await filled(nightpost, port, dead, "HTTP 400");
  const sink = await Sink.start(port);
  const ids = new Set<string>();
  let copies = 0;
  sink.onRequest = (head) => {
    const id = /\nwebhook-id: *(\S+)/i.exec(head)?.[1] ?? "";
    if (ids.has(id)) copies += 1;
    ids.add(id);
  };
  const server = await TestServer.start({ data, env: { NIGHTPOST_LOG: "warn" } });
  if (serverCore !== null) pin(server.pid, serverCore);
  const countedAt = performance.now();
  const { matching } = await server.api.forward.countReplay({ target: "bench" });
  const countMs = performance.now() - countedAt;
  const startedAt = performance.now();
  await server.api.forward.replay({ target: "bench" });
  for (let last = -1; sink.received < dead && sink.received !== last;) {
    last = sink.received;
    await pause(5_000 * Number(sink.received < dead));
  }
  const rows: Row[] = [
    {
      what: "a replay of 100,000 dead events: counted beforehand",
      value: `${matching} in ${countMs.toFixed(0)} ms`,
      goal: "exact",
    },
    { what: "replayed, with different ids", value: `${sink.received}, ${ids.size}`, goal: `${dead}` },
    {
      what: "at a rate of",
      value: `${((sink.received * 1000) / (performance.now() - startedAt)).toFixed(0)} a second or more`,
      goal: "1000",
    },
  ];
  await server.stop();
  await sink.stop();
  demand(ids.size === dead && copies === 0, `${ids.size} of ${dead} came, ${copies} twice`);
  return rows;
};
