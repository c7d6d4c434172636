import { statSync } from "node:fs";
import { join } from "node:path";
import { WebSocket } from "ws";
import { controlSocket } from "../server/cli/client.ts";
import { storeFile } from "../server/storage/sqlite/client.ts";
import { anonymousBytes, threadCpuUs } from "./counters.ts";
import { cpuText, megabytes, perOperation, rss, Stage, warm, type Row, type Scenario } from "./forward-stage.ts";
import { pause, until } from "./session.ts";
import { demand } from "./workload.ts";

interface Frame {
  readonly type: string;
  readonly event?: { readonly id: number };
}

/** Somebody who watches the forward log, and notes which rows came. */
class Viewer {
  readonly ids: number[] = [];
  gaps = 0;
  readonly #data: string;
  #socket: WebSocket | null = null;

  constructor(data: string) {
    this.#data = data;
  }

  async open(): Promise<void> {
    const socket = new WebSocket(`ws+unix://${controlSocket(this.#data)}:/api/v1/live`);
    this.#socket = socket;
    await new Promise((resolve) => socket.once("open", resolve));
    const since = this.ids.at(-1);
    socket.send(JSON.stringify({ type: "subscribe", topic: "forward", ...(since === undefined ? {} : { since }) }));
    socket.on("message", (text: Buffer) => {
      for (const { type, event } of JSON.parse(text.toString()) as Frame[]) {
        if (type === "event" && event !== undefined) this.ids.push(event.id);
        if (type === "gap" || type === "reset") this.gaps += 1;
      }
    });
  }

  /** Stops reading, with the connection open. */
  stall(): void {
    this.#socket?.pause();
  }

  close(): void {
    this.#socket?.terminate();
  }

  /** Rows left out, or seen twice. */
  get faults(): number {
    return this.ids.reduce((sum, id, index) => sum + Number(index > 0 && id !== this.ids[index - 1]! + 1), 0);
  }
}

/** Twenty people watch the log at 500 rows a second; one goes away for half the time, and one stops reading. */
export const viewers: Scenario = async ({ nightpost, seconds }) => {
  const perSecond = 250;
  const count = 20;
  const stage = await Stage.start(nightpost);
  await warm(stage);
  const { sink, pid } = stage;
  const { data } = stage.running.server;
  const measured = async (meanwhile: (elapsed: number) => void): Promise<{ us: number; text: string }> => {
    const received = sink.received;
    const before = threadCpuUs(pid);
    const sent = await stage.pace(perSecond, seconds * 1000, meanwhile);
    await until(() => sink.received >= received + sent);
    const cost = perOperation(before, pid, sent);
    return { us: [...cost.values()].reduce((sum, us) => sum + us, 0), text: cpuText(cost) };
  };
  const alone = await measured(() => undefined);
  const all = Array.from({ length: count }, () => new Viewer(data));
  for (const viewer of all) await viewer.open();
  const [, leaver] = all;
  let isAway = false;
  let isBack = false;
  const watched = await measured((elapsed) => {
    if (!isAway && elapsed > seconds * 250) {
      isAway = true;
      leaver!.close();
    }
    if (!isBack && elapsed > seconds * 750) {
      isBack = true;
      void leaver!.open();
    }
  });
  // The process grows with its log anyway: what the same time costs without anybody stalled is taken off.
  const growth = async (): Promise<number> => {
    const from = anonymousBytes(pid);
    await measured(() => undefined);
    return anonymousBytes(pid) - from;
  };
  const meanwhile = await growth();
  const slow = new Viewer(data);
  await slow.open();
  slow.stall();
  const grown = (await growth()) - meanwhile;
  await pause(2_000);
  const faults = all.reduce((sum, viewer) => sum + viewer.faults + viewer.gaps, 0);
  const seen = all.map(({ ids }) => ids.length);
  for (const viewer of [...all, slow]) viewer.close();
  await stage.stop();
  const share = ((watched.us - alone.us) * perSecond) / 10_000;
  demand(Math.min(...seen) > 0, "a viewer saw nothing");
  return [
    { what: `${perSecond} messages a second, nobody watches`, value: alone.text, goal: "" },
    { what: `${count} watch`, value: `${watched.text}: ${share.toFixed(0)} % of a core more`, goal: "10 %" },
    {
      what: "rows left out or doubled, one of them away for half the time",
      value: `${faults} of ${Math.min(...seen)} and more each`,
      goal: "0",
    },
    {
      what: "memory for one that does not read, without what the same time costs anyway",
      value: `${megabytes(grown)} (${megabytes(meanwhile)})`,
      goal: "4 MB",
    },
  ];
};

/** A hundred messages a second for a long time. */
export const soak: Scenario = async ({ nightpost, minutes }) => {
  const perSecond = 100;
  const stage = await Stage.start(nightpost, 4000);
  await warm(stage);
  const path = join(stage.running.server.data, storeFile);
  const sizes: { readonly at: number; readonly rss: number }[] = [];
  let walMost = 0;
  const dbBefore = statSync(path).size;
  let next = 0;
  const sent = await stage.pace(perSecond, minutes * 60_000, (elapsed) => {
    if (elapsed < next) return;
    next = elapsed + 1_000;
    sizes.push({ at: elapsed, rss: rss(stage) });
    walMost = Math.max(walMost, statSync(`${path}-wal`).size);
  });
  const half = sizes.slice(Math.floor(sizes.length / 2));
  const grown = statSync(path).size - dbBefore;
  demand(stage.sink.misplaced === 0, `${stage.sink.misplaced} forwarded messages came out of order`);
  await stage.stop();
  const rows: Row[] = [
    {
      what: `${perSecond} a second for ${minutes} min: memory at the end`,
      value: megabytes(half.at(-1)!.rss),
      goal: "",
    },
    {
      what: "its slope over the second half",
      value: `${(slopeOf(half) * 60).toFixed(1)} MB an hour`,
      goal: "1 MB an hour, over 24 h",
    },
    { what: "largest log of the store", value: megabytes(walMost), goal: "64 MB" },
    {
      what: "the store grew by",
      value: `${(grown / sent / 1024).toFixed(1)} KB a message`,
      goal: "bounded by retention",
    },
  ];
  return rows;
};

/** Least squares, in MB a minute. */
function slopeOf(sizes: readonly { readonly at: number; readonly rss: number }[]): number {
  const mean = (of: (size: (typeof sizes)[number]) => number): number =>
    sizes.reduce((sum, size) => sum + of(size), 0) / sizes.length;
  const at = mean((size) => size.at);
  const memory = mean((size) => size.rss);
  const covariance = mean((size) => (size.at - at) * (size.rss - memory));
  return ((covariance / mean((size) => (size.at - at) ** 2)) * 60_000) / 1024 / 1024;
}
