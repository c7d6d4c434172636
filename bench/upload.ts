/**
 * What a large upload and its download cost: memory of the server, speed, and how long chat messages take meanwhile. Prints
 * one JSON object. The bytes are made and thrown away in a thread of their own.
 *
 *   node bench/upload.ts [MIB] [--s3 PORT]    S3: an S3-compatible store of the name `bucket` on loopback
 */
import http from "node:http";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { residentBytes } from "./counters.ts";
import { isPinnable } from "./generate.ts";
import { MessageReader, MessageWriter } from "./messages.ts";
import { bareJid, closeAll, domain, loginMany, pause, type LoadSession } from "./session.ts";
import { Nightpost } from "./subjects.ts";

const mebibyte = 1024 * 1024;
const messageBytes = 200;
const everyMs = 2;
const quietMs = 5_000;
const sampleMs = 25;

interface Transfer {
  readonly url: string;
  readonly method: "PUT" | "GET";
  readonly bytes: number;
}

if (isMainThread) await measure();
else parentPort!.postMessage(await transfer(workerData as Transfer));

/** Resolves with the milliseconds that it took. */
async function transfer({ url, method, bytes }: Transfer): Promise<number> {
  const began = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers = method === "PUT" ? { "content-length": bytes } : {};
  const request = http.request(url, { method, headers }, (answer) => {
    if (answer.statusCode !== (method === "PUT" ? 201 : 200)) reject(new Error(`answered ${answer.statusCode}`));
    answer.on("data", () => undefined);
    answer.on("end", resolve);
  });
  request.on("error", reject);
  const piece = Buffer.alloc(256 * 1024);
  let left = method === "PUT" ? bytes : 0;
  const write = (): void => {
    while (left > 0) {
      left -= piece.length;
      if (!request.write(piece)) {
        request.once("drain", write);
        return;
      }
    }
    request.end();
  };
  write();
  await promise;
  return performance.now() - began;
}

function inThread(workload: Transfer): Promise<number> {
  const worker = new Worker(new URL(import.meta.url), { workerData: workload });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

/** Runs `work`; how much memory the process had before it, and how much more at most meanwhile. */
async function watched<T>(
  pid: number,
  work: () => Promise<T>,
): Promise<{ result: T; beforeMib: number; addedMib: number }> {
  const before = residentBytes(pid);
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, residentBytes(pid));
  }, sampleMs);
  const result = await work();
  clearInterval(timer);
  const mib = (bytes: number): number => Math.round((bytes / mebibyte) * 10) / 10;
  return { result, beforeMib: mib(before), addedMib: mib(most - before) };
}

/** One message every few milliseconds from one session to another, until the function returned is called. */
function chat(from: LoadSession, to: LoadSession): () => { p50: number; p99: number; messages: number } {
  const writer = new MessageWriter(bareJid(to.index), from.index, messageBytes);
  const reader = new MessageReader();
  const sentAt: number[] = [];
  const took: number[] = [];
  to.onBytes = (bytes, length) => {
    for (let count = reader.take(bytes, length); count > 0; count -= 1)
      took.push(performance.now() - sentAt[took.length]!);
  };
  const timer = setInterval(() => {
    sentAt.push(performance.now());
    from.write(writer.next());
  }, everyMs);
  return () => {
    clearInterval(timer);
    to.onBytes = null;
    const sorted = took.toSorted((a, b) => a - b);
    const at = (part: number): number => Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 100) / 100;
    return { p50: at(0.5), p99: at(0.99), messages: took.length };
  };
}

async function slot(session: LoadSession, bytes: number): Promise<{ put: string; get: string }> {
  const request = `<request xmlns='urn:xmpp:http:upload:0' filename='large.bin' size='${bytes}'/>`;
  const answer = await session.ask(`<iq type='get' id='slot' to='upload.${domain}'>${request}</iq>`, "</iq>");
  const [, put = "", get = ""] = /put url='([^']*)'[^]*get url='([^']*)'/.exec(answer) ?? [];
  if (put === "") throw new Error(`no slot: ${answer}`);
  return { put, get };
}

async function measure(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { s3: { type: "string" } } });
  const bytes = Number(positionals[0] ?? 1024) * mebibyte;
  const nightpost = await Nightpost.prepare();
  const running = await nightpost.start({ core: isPinnable() ? 0 : null, forwardTo: null });
  try {
    const { pid, port, server } = running;
    const { policy } = await server.api.policy.get();
    const large = 100 * 1024 * mebibyte;
    const s3 = {
      endpoint: `http://127.0.0.1:${values.s3}`,
      bucket: "bucket",
      access_key_id: "S3RVER",
      secret_access_key: "S3RVER",
    };
    const options = {
      max_file_bytes: large,
      max_bytes: large,
      max_bytes_a_day: large,
      ...(values.s3 === undefined ? {} : { s3 }),
    };
    const modules = { ...policy.modules, upload: { enabled: true, options } };
    await server.api.policy.apply({ policy: { ...policy, modules }, comment: "large files", force: true });
    const sessions = await loginMany(3, { port, isTls: false, mechanism: "SCRAM-SHA-1" });
    const [from, to, uploader] = sessions;
    if (from === undefined || to === undefined || uploader === undefined) throw new Error("three sessions are needed");
    for (const session of sessions) await session.becomeAvailable();
    const plain = (url: string): string => url.replace("https://", "http://").replace("localhost", "127.0.0.1");
    // The first time brings the code into memory.
    const warm = await slot(uploader, mebibyte);
    await inThread({ url: plain(warm.put), method: "PUT", bytes: mebibyte });
    await inThread({ url: plain(warm.get), method: "GET", bytes: 0 });
    const quiet = chat(from, to);
    await pause(quietMs);
    const alone = quiet();
    const { put, get } = await slot(uploader, bytes);
    const report = async (method: "PUT" | "GET", url: string) => {
      const stopChat = chat(from, to);
      const { result: ms, ...memory } = await watched(pid, () => inThread({ url: plain(url), method, bytes }));
      return { mibPerSecond: Math.round(bytes / mebibyte / (ms / 1000)), ...memory, chat: stopChat() };
    };
    const upload = await report("PUT", put);
    const download = await report("GET", get);
    console.log(JSON.stringify({ mib: bytes / mebibyte, chatAlone: alone, upload, download }, null, 2));
    await closeAll(sessions);
  } finally {
    await running.stop();
    nightpost.discard();
  }
}
