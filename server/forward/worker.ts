import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../core/clock.ts";
import { createLog } from "../core/log.ts";
import { connectStores } from "../storage/sqlite/client.ts";
import { Dispatcher } from "./dispatch/dispatcher.ts";
import type { Command, ForwardThreadOptions, Notice } from "./thread-protocol.ts";
import { systemTimers } from "./timers.ts";
import type { PublishAnswer } from "./transport.ts";

/*
 * The forward thread: outgoing HTTP and everything about it happens here, so that it never takes time from the streams.
 * It ends itself when the store is gone; the main thread decides whether it is started again.
 */

const { store, version, retryMs } = workerData as ForwardThreadOptions;
const main = parentPort!;
const tell = (notice: Notice): void => main.postMessage(notice);

// The main thread knows the level that is wanted, and filters.
const log = createLog("debug", ({ level, message, fields }) =>
  tell({ kind: "log", record: { level, message, fields: printable(fields) } }),
);

const publishing = new Map<number, (answer: PublishAnswer) => void>();
const recalling = new Map<number, (text: string | null) => void>();
let lastCall = 0;
const ask = (notice: (call: number) => Notice): Promise<string | null> =>
  new Promise((resolve) => {
    const call = ++lastCall;
    recalling.set(call, resolve);
    tell(notice(call));
  });

const stores = connectStores(store);
const dispatcher = await Dispatcher.start({
  outbox: stores.outbox,
  clock: systemClock,
  timers: systemTimers,
  log,
  version,
  retryMs,
  publish: ({ host, jid, payload }) =>
    new Promise((resolve) => {
      const call = ++lastCall;
      publishing.set(call, resolve);
      tell({ kind: "publish", call, host, jid, payload });
    }),
  vault: {
    recall: (name) => ask((call) => ({ kind: "recall", call, name })),
    keep: async (name, text, until) => {
      await ask((call) => ({ kind: "keep", call, name, text, until }));
    },
  },
  credentials: stores.pushCredentials,
  alert: (alert) => tell({ kind: "alert", alert }),
});

// After the answers that came with the news, which may free the very lanes that have more to do now.
stores.onClaimed((lanes) => dispatcher.taken(lanes));
stores.onQueued((targets) => setImmediate(() => dispatcher.wake(targets)));

main.on("message", (command: Command) => {
  switch (command.kind) {
    case "configure":
      dispatcher.configure(command.targets);
      break;
    case "wake":
      dispatcher.wake(command.targets ?? undefined);
      break;
    case "test":
      void dispatcher.test(command.name, command.target, command.device, command.options).then(
        (result) => tell({ kind: "tested", call: command.call, result }),
        (error: unknown) => tell({ kind: "refused", call: command.call, message: String(error) }),
      );
      break;
    case "release":
      dispatcher.release(command.target);
      break;
    case "health":
      tell({ kind: "health", call: command.call, states: dispatcher.health() });
      break;
    case "published":
      publishing.get(command.call)?.(command.answer);
      publishing.delete(command.call);
      break;
    case "kept":
      recalling.get(command.call)?.(command.text);
      recalling.delete(command.call);
      break;
    case "close":
      void close();
  }
});

async function close(): Promise<void> {
  await dispatcher.close();
  await stores.close();
  main.close();
}

// Whatever a field holds has to survive the way to the other thread.
function printable(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === "object" ? JSON.stringify(value) : value]),
  );
}
