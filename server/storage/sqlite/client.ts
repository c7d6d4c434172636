import { statSync } from "node:fs";
import { join } from "node:path";
import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import { StoreError } from "../errors.ts";
import type { Stores } from "../ports.ts";
import { listeners } from "./listeners.ts";
import { METHODS } from "./methods.ts";
import type { Command, Notice, OpenOptions } from "./protocol.ts";
import { remoteStore, type RemoteStore } from "./remote.ts";
import { portsOver, type Caller } from "./stores.ts";

const completeIndexMethod = METHODS.findIndex(({ port, method }) => port === "archive" && method === "completeIndex");
const sendingMethod = METHODS.findIndex(({ port, method }) => port === "outbox" && method === "sending");

/** Of a database smaller than this no report takes longer than some milliseconds, and the writer makes it. */
const smallBytes = 4 * 1024 * 1024;

/** Reports are rare, and their rows live no longer than it takes to answer. */
const readerLimits = { maxYoungGenerationSizeMb: 12 };

/** The store's file in the data directory. */
export const storeFile = "nightpost.db";

export interface SqliteOptions {
  readonly directory: string;
  readonly readerFromBytes?: number;
}

export interface SqliteStores extends Stores {
  /** A port for another thread, which makes stores of it with `connectStores`. */
  connect(): MessagePort;
}

/**
 * Opens the store in `directory`, which has to exist: one thread that writes and, once the database has `readerFromBytes`,
 * one that reads what takes long. Rejects with a StoreError when the store cannot be opened or was written by a later version.
 */
export async function openSqlite({ directory, readerFromBytes = smallBytes }: SqliteOptions): Promise<SqliteStores> {
  const path = join(directory, storeFile);
  const failure = listeners<Error>();
  const writerThread = newThread("writer");
  let readerThread: Worker | undefined;
  let reader: RemoteStore | undefined;
  let reading: Promise<RemoteStore> | undefined;
  let lastReport: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;
  let isStopping = false;
  let failed: StoreError | null = null;
  try {
    await openThread(writerThread, { path, role: "writer" });
  } catch (error) {
    await writerThread.terminate();
    throw error;
  }
  const writer = remoteStore(connectTo(writerThread));

  const giveUp = (error: StoreError): void => {
    failed ??= error;
    writer.fail(error);
    reader?.fail(error);
    failure.tell(error);
  };
  const watch = (thread: Worker): void => {
    thread.on("message", (notice: Notice) => {
      if ("failed" in notice) giveUp(new StoreError(notice.failed.code, notice.failed.message));
    });
    thread.on("error", (cause) => giveUp(new StoreError("internal", "the store thread failed", { cause })));
    thread.on("exit", (code) => {
      if (!isStopping) giveUp(new StoreError("closed", `the store thread ended with code ${code}`));
    });
  };
  watch(writerThread);

  const openReader = async (): Promise<RemoteStore> => {
    const thread = newThread("reader");
    try {
      await openThread(thread, { path, role: "reader" });
    } catch (error) {
      reading = undefined;
      throw error;
    }
    watch(thread);
    readerThread = thread;
    reader = remoteStore(connectTo(thread));
    return reader;
  };
  const report = async (method: number, args: readonly unknown[]): Promise<unknown> => {
    const opened = await (reading ??= openReader());
    if (failed !== null) throw failed;
    return opened.call(method, args);
  };

  const reportWith = async (route: "report" | "indexed" | "informed", method: number, args: readonly unknown[]) => {
    if (route === "informed") return report(method, [...args, await writer.call(sendingMethod, [])]);
    if (route === "indexed") await writer.call(completeIndexMethod, []);
    else await writer.answered();
    return report(method, args);
  };

  const close = async (): Promise<void> => {
    await writer.answered();
    await lastReport.catch(() => undefined);
    isStopping = true;
    // The reader first: the last connection to close folds the log into the database.
    if (readerThread !== undefined) await stopThread(readerThread);
    await stopThread(writerThread);
  };

  const call: Caller = (method, args) => {
    if (closing !== undefined) return Promise.reject(new StoreError("closed", "the store is closed"));
    const route = METHODS[method]?.route;
    if (route !== "report" && route !== "indexed" && route !== "informed") return writer.call(method, args);
    // Once there is a reader it makes all reports, so that they are answered in the order of their calls.
    if (reading === undefined && sizeOf(path) < readerFromBytes) return writer.call(method, args);
    const answer = reportWith(route, method, args);
    lastReport = answer;
    return answer;
  };

  return {
    ...portsOver(call),
    onFeed: writer.onFeed,
    onQueued: writer.onQueued,
    onClaimed: writer.onClaimed,
    onFailure: failure.add,
    connect: () => connectTo(writerThread),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** Stores over a port from `connect`, for a thread beside the one that opened the store. All calls go to the writer. */
export function connectStores(port: MessagePort): Stores {
  const remote = remoteStore(port);
  const failure = listeners<Error>();
  let isClosed = false;
  port.on("close", () => {
    if (!isClosed) failure.tell(new StoreError("closed", "the store thread has ended"));
  });
  return {
    ...portsOver(remote.call),
    onFeed: remote.onFeed,
    onQueued: remote.onQueued,
    onClaimed: remote.onClaimed,
    onFailure: failure.add,
    close: async () => {
      await remote.answered();
      isClosed = true;
      port.close();
    },
  };
}

function connectTo(thread: Worker): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const command: Command = { connect: port2 };
  thread.postMessage(command, [port2]);
  return port1;
}

function newThread(role: OpenOptions["role"]): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), {
    name: `store ${role}`,
    resourceLimits: role === "reader" ? readerLimits : {},
  });
}

async function openThread(thread: Worker, options: OpenOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const hear = (notice: Notice): void => {
    if ("ready" in notice) resolve();
    else reject(new StoreError(notice.failed.code, notice.failed.message));
  };
  thread.once("message", hear);
  thread.once("error", reject);
  const command: Command = { open: options };
  thread.postMessage(command);
  await promise;
  thread.off("error", reject);
}

async function stopThread(thread: Worker): Promise<void> {
  // Ended already: there will be no exit event to wait for.
  if (thread.threadId === -1) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  thread.once("exit", () => resolve());
  const command: Command = { close: true };
  thread.postMessage(command);
  await promise;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
