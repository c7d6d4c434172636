import { join } from "node:path";
import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import { StoreError } from "../errors.ts";
import type { Stores } from "../ports.ts";
import { listeners } from "./listeners.ts";
import { METHODS } from "./methods.ts";
import type { Command, Notice, OpenOptions } from "./protocol.ts";
import { remoteStore } from "./remote.ts";
import { portsOver } from "./stores.ts";

/** The store's file in the data directory. */
export const storeFile = "nightpost.db";

export interface SqliteStores extends Stores {
  /** A port for another thread, which makes stores of it with `connectStores`. */
  connect(): MessagePort;
}

/**
 * Opens the store in `directory`, which has to exist: one thread that writes, and one that reads what takes long.
 * Rejects with a StoreError when the store cannot be opened or was written by a later version.
 */
export async function openSqlite({ directory }: { readonly directory: string }): Promise<SqliteStores> {
  const path = join(directory, storeFile);
  const failure = listeners<Error>();
  const writerThread = newThread("writer");
  const readerThread = newThread("reader");
  const threads = [writerThread, readerThread];
  try {
    await openThread(writerThread, { path, role: "writer" });
    await openThread(readerThread, { path, role: "reader" });
  } catch (error) {
    await Promise.all(threads.map((thread) => thread.terminate()));
    throw error;
  }
  const writer = remoteStore(connectTo(writerThread));
  const reader = remoteStore(connectTo(readerThread));
  let lastReport: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;
  let isStopping = false;

  const giveUp = (error: StoreError): void => {
    writer.fail(error);
    reader.fail(error);
    failure.tell(error);
  };
  for (const thread of threads) {
    thread.on("message", (notice: Notice) => {
      if ("failed" in notice) giveUp(new StoreError(notice.failed.code, notice.failed.message));
    });
    thread.on("error", (cause) => giveUp(new StoreError("internal", "the store thread failed", { cause })));
    thread.on("exit", (code) => {
      if (!isStopping) giveUp(new StoreError("closed", `the store thread ended with code ${code}`));
    });
  }

  const close = async (): Promise<void> => {
    await writer.answered();
    await lastReport.catch(() => undefined);
    isStopping = true;
    // The reader first: the last connection to close folds the log into the database.
    await stopThread(readerThread);
    await stopThread(writerThread);
  };

  return {
    ...portsOver((method, args) => {
      if (closing !== undefined) return Promise.reject(new StoreError("closed", "the store is closed"));
      if (METHODS[method]?.route !== "report") return writer.call(method, args);
      const report = writer.answered().then(() => reader.call(method, args));
      lastReport = report;
      return report;
    }),
    onFeed: writer.onFeed,
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
  return new Worker(new URL("./worker.ts", import.meta.url), { name: `store ${role}` });
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
