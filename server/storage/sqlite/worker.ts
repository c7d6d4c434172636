import type { DatabaseSync } from "node:sqlite";
import { parentPort, type MessagePort } from "node:worker_threads";
import { StoreError } from "../errors.ts";
import { openReader, openWriter } from "./database.ts";
import { engineOn, maxBatch, type Engine } from "./engine.ts";
import { storeError } from "./failure.ts";
import { canWait } from "./methods.ts";
import type {
  Command,
  Hears,
  Notice,
  OpenOptions,
  RefusalMessage,
  ReplyMessage,
  Request,
  Response,
} from "./protocol.ts";

/*
 * The store thread: one database connection, any number of clients. Whatever has queued up while the last commit ran
 * becomes the next transaction, so the more there is to do the less each call pays for the disk. When there is little to do,
 * calls that can wait do so for a while: a commit shared is a sync, and most of the pages, saved.
 */

/** How long a call waits at most for another one to share its commit with. */
const patienceMs = 20;

interface QueuedCall {
  readonly client: MessagePort;
  readonly id: number;
  readonly method: number;
  readonly args: readonly unknown[];
}
/** A response in the making. */
interface Answer extends Response {
  readonly replies: ReplyMessage[];
  readonly refusals: RefusalMessage[];
}

const noNews = { feed: [], queued: [], claimed: [] } as const;

const clients = new Map<MessagePort, Hears>();
let database: DatabaseSync | undefined;
let engine: Engine | undefined;
let queue: QueuedCall[] = [];
let isScheduled = false;
let hasUrgent = false;
let patience: NodeJS.Timeout | null = null;
let isClosing = false;
let broken: StoreError | null = null;

parentPort?.on("message", (command: Command) => {
  if ("open" in command) open(command.open);
  else if ("connect" in command) connect(command.connect);
  else {
    isClosing = true;
    schedule();
  }
});

function open({ path, role }: OpenOptions): void {
  try {
    database = role === "writer" ? openWriter(path) : openReader(path);
    engine = engineOn(database, Date.now);
    notify({ ready: true });
  } catch (cause) {
    database?.close();
    fail(storeError(cause, path));
    parentPort?.close();
  }
}

function connect(client: MessagePort): void {
  clients.set(client, { feed: false, queued: false, claimed: false });
  client.on("message", ({ calls, hears }: Request) => {
    if (hears !== undefined) {
      clients.set(client, hears);
      respond(client, { ...noNews, replies: [[hears.id, undefined]], refusals: [] });
    }
    for (const [id, method, args] of calls) {
      queue.push({ client, id, method, args });
      hasUrgent ||= !canWait(method, args);
    }
    if (hasUrgent) schedule();
    else if (queue.length > 0) patience ??= setTimeout(schedule, patienceMs);
  });
  client.on("close", () => clients.delete(client));
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  // Not at once: every message that has arrived by now is handed over before the check phase of this turn.
  setImmediate(runQueue);
}

function runQueue(): void {
  isScheduled = false;
  hasUrgent = false;
  if (patience !== null) clearTimeout(patience);
  patience = null;
  const batch = queue.length > maxBatch ? queue.splice(0, maxBatch) : queue.splice(0);
  if (batch.length > 0) runBatch(batch);
  if (queue.length > 0) schedule();
  else if (isClosing) close();
}

function runBatch(batch: readonly QueuedCall[]): void {
  if (engine === undefined || broken !== null) {
    const { code, message } = broken ?? new StoreError("closed", "the store is not open");
    for (const { client, id } of batch) respond(client, { ...noNews, replies: [], refusals: [[id, code, message]] });
    return;
  }
  const result = engine.run(
    batch,
    clients.values().some(({ feed }) => feed),
    clients.values().some(({ claimed }) => claimed),
  );
  const answers = new Map<MessagePort, Answer>();
  // Listeners first: whoever reads an answer in another thread may already ask them about the news.
  for (const [client, hears] of clients) {
    const feed = hears.feed ? result.feed : [];
    const claimed = hears.claimed ? result.claimed.lanes : [];
    const queued = hears.queued ? (hears.claimed ? result.claimed.left : result.queued) : [];
    if (feed.length > 0 || queued.length > 0 || claimed.length > 0)
      answers.set(client, { feed, queued, claimed, replies: [], refusals: [] });
  }
  for (const [index, { client, id }] of batch.entries()) {
    let own = answers.get(client);
    if (own === undefined) {
      own = { ...noNews, replies: [], refusals: [] };
      answers.set(client, own);
    }
    const outcome = result.outcomes[index];
    if (outcome === undefined) continue;
    if ("error" in outcome) own.refusals.push([id, outcome.error.code, outcome.error.message]);
    else own.replies.push([id, outcome.value]);
  }
  for (const [client, answer] of answers) respond(client, answer);
  if (result.broken !== null) {
    broken = result.broken;
    fail(broken);
  }
}

function close(): void {
  for (const client of clients.keys()) client.close();
  database?.close();
  parentPort?.close();
}

function respond(client: MessagePort, response: Response): void {
  client.postMessage(response);
}

function fail({ code, message }: StoreError): void {
  notify({ failed: { code, message } });
}

function notify(notice: Notice): void {
  parentPort?.postMessage(notice);
}
