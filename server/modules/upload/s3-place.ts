import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { Log } from "../../core/log.ts";
import { type Chunks, chunksOf, giveBack, passOn } from "../../features/uploads/chunks.ts";
import {
  type FilePlace,
  type OpenFile,
  PlaceUnavailableError,
  type PutOutcome,
} from "../../features/uploads/file-place.ts";
import { answerTo, elementText, S3Client, textOf } from "./s3-client.ts";
import type { S3Settings } from "./s3-settings.ts";

/** One request takes no more; a larger file goes in parts of this size. Amazon's limits are 5 GiB and 10,000 parts. */
const defaultPartBytes = 1024 * 1024 * 1024;
/** RFC 4918 11.5; stores say so when their disks are full. */
const insufficientStorage = 507;

/** What a request that sends bytes came to. */
type Sent = { readonly answer: IncomingMessage } | "cut";

/** Uploaded files in an S3-compatible store, each an object named by its id. Nothing of them is kept in memory. */
export class S3Place implements FilePlace {
  readonly name = "s3";
  readonly #client: S3Client;
  readonly #prefix: string;
  readonly #partBytes: number;
  readonly #log: Log;

  constructor(settings: S3Settings, log: Log, limits: { readonly partBytes?: number; readonly idleMs?: number } = {}) {
    this.#client = new S3Client(settings, limits.idleMs);
    this.#prefix = settings.prefix;
    this.#partBytes = limits.partBytes ?? defaultPartBytes;
    this.#log = log;
  }

  close(): void {
    this.#client.close();
  }

  hasRoomFor(): boolean {
    return true;
  }

  async put(id: string, size: number, bytes: Readable): Promise<PutOutcome> {
    const chunks = chunksOf(bytes);
    try {
      const outcome = await (size <= this.#partBytes
        ? this.#putWhole(id, size, chunks)
        : this.#putParts(id, size, chunks));
      if (outcome !== "stored" || (await chunks.next()) === "end") return outcome;
      await this.remove(id);
      return "cut";
    } catch (error) {
      this.#log.warn("a file could not be stored in the object store", { reason: reasonOf(error) });
      return "unavailable";
    }
  }

  async open(id: string, start: number, end: number): Promise<OpenFile | null> {
    const headers = { range: `bytes=${start}-${end}` };
    const answer = await this.#reach(() => this.#client.call({ method: "GET", key: this.#key(id), headers }));
    const size = end - start + 1;
    if (answer.statusCode === 206 || (answer.statusCode === 200 && start === 0)) {
      if (Number(answer.headers["content-length"] ?? size) >= size) return reader(answer, size);
      // What a poor store keeps of an upload that broke off.
      answer.destroy();
      return null;
    }
    const refusal = await refusalOf(answer);
    if (answer.statusCode === 404) return null;
    this.#log.warn("the object store does not give a file", { reason: refusal });
    throw new PlaceUnavailableError(refusal);
  }

  async remove(id: string): Promise<void> {
    const answer = await this.#reach(() => this.#client.call({ method: "DELETE", key: this.#key(id) }));
    const refusal = await refusalOf(answer);
    if (!isFine(answer) && answer.statusCode !== 404) throw new PlaceUnavailableError(refusal);
  }

  #key(id: string): string {
    return this.#prefix + id;
  }

  async #reach(call: () => Promise<IncomingMessage>): Promise<IncomingMessage> {
    try {
      return await call();
    } catch (error) {
      throw new PlaceUnavailableError(reasonOf(error), { cause: error });
    }
  }

  async #putWhole(id: string, size: number, chunks: Chunks): Promise<PutOutcome> {
    const sent = await this.#send(id, {}, size, chunks);
    return sent === "cut" ? "cut" : this.#outcomeOf(sent.answer);
  }

  /** Nothing is seen of the parts before they are put together. */
  async #putParts(id: string, size: number, chunks: Chunks): Promise<PutOutcome> {
    const key = this.#key(id);
    const begun = await this.#client.call({ method: "POST", key, query: { uploads: "" } });
    const uploadId = isFine(begun) ? elementText(await textOf(begun), "UploadId") : undefined;
    if (uploadId === undefined) return this.#outcomeOf(begun);
    const outcome = await this.#putEach(id, uploadId, size, chunks).catch((error: unknown) => {
      this.#log.warn("a file could not be stored in parts", { reason: reasonOf(error) });
      return "unavailable" as const;
    });
    if (outcome !== "stored") await textOf(await this.#client.call({ method: "DELETE", key, query: { uploadId } }));
    return outcome;
  }

  async #putEach(id: string, uploadId: string, size: number, chunks: Chunks): Promise<PutOutcome> {
    const tags: string[] = [];
    for (let left = size; left > 0;) {
      const length = Math.min(left, this.#partBytes);
      const query = { partNumber: String(tags.length + 1), uploadId };
      const sent = await this.#send(id, query, length, chunks);
      if (sent === "cut") return "cut";
      const tag = sent.answer.headers.etag;
      if (!isFine(sent.answer) || tag === undefined) return this.#outcomeOf(sent.answer);
      await textOf(sent.answer);
      tags.push(tag);
      left -= length;
    }
    const parts = tags.map((tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag}</ETag></Part>`);
    const body = `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
    const answer = await this.#client.call({ method: "POST", key: this.#key(id), query: { uploadId } }, body);
    if (!isFine(answer)) return this.#outcomeOf(answer);
    // It may fail after it has said that it is fine.
    const code = elementText(await textOf(answer), "Code");
    if (code === undefined) return "stored";
    this.#log.warn("the object store does not put a file together", { reason: code });
    return "unavailable";
  }

  /** Sends the next `length` bytes. */
  async #send(id: string, query: Record<string, string>, length: number, chunks: Chunks): Promise<Sent> {
    const headers = { "content-length": String(length) };
    const request = await this.#client.begin({ method: "PUT", key: this.#key(id), query, headers });
    let hasAnswered = false;
    const answer = answerTo(request).finally(() => {
      hasAnswered = true;
    });
    // What becomes of it is asked for below; it may fail before.
    answer.catch(() => undefined);
    for (let left = length; left > 0 && !hasAnswered;) {
      const chunk = await chunks.next(left);
      if (typeof chunk === "string") {
        request.destroy();
        return "cut";
      }
      left -= chunk.length;
      try {
        await passOn(request, chunk);
      } catch {
        break;
      }
      giveBack(chunk);
    }
    request.end();
    return { answer: await answer };
  }

  async #outcomeOf(answer: IncomingMessage): Promise<PutOutcome> {
    const refusal = await refusalOf(answer);
    if (isFine(answer)) return "stored";
    this.#log.warn("the object store does not take a file", { reason: refusal });
    return answer.statusCode === insufficientStorage ? "full" : "unavailable";
  }
}

function reader(answer: IncomingMessage, size: number): OpenFile {
  return {
    async sendTo(out) {
      const chunks = chunksOf(answer);
      for (let left = size; left > 0;) {
        const chunk = await chunks.next(left);
        if (typeof chunk === "string") throw new Error("the object store gave less than there should be");
        left -= chunk.length;
        await passOn(out, chunk);
        giveBack(chunk);
      }
    },
    close: () => Promise.resolve(void answer.destroy()),
  };
}

function isFine({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

/** What an answer says went wrong, in the store's words; reads the answer to its end. */
async function refusalOf(answer: IncomingMessage): Promise<string> {
  const text = answer.readableEnded ? "" : await textOf(answer);
  return [answer.statusCode, elementText(text, "Code")].filter((part) => part !== undefined).join(" ");
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
