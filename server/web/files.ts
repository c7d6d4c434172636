import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../core/clock.ts";
import type { Core } from "../core/core.ts";
import { type OpenFile, PlaceUnavailableError } from "../features/uploads/file-place.ts";
import {
  type FileRow,
  type UploadedFiles,
  uploadedFilesOf,
  type UploadOutcome,
} from "../features/uploads/uploaded-files.ts";
import { byteRange } from "./byte-range.ts";
import { etagOf, fileHeaders, harmless } from "./file-headers.ts";

/** Nothing moved for so long: the client is gone. */
const idleMs = 30_000;
/** An upload is slower than this only if somebody wants it to be, bytes a second. */
const slowest = 16 * 1024;

const outcomes: Record<Exclude<UploadOutcome, "stored">, readonly [status: number, reason: string]> = {
  busy: [409, "This file is being uploaded already."],
  cut: [400, "The upload ended early."],
  gone: [409, "This file was uploaded already."],
  full: [507, "The server has no room."],
  unavailable: [503, "Files cannot be stored just now."],
} satisfies Record<Exclude<UploadOutcome, "stored">, [status: number, reason: string]>;

type Refusal = [status: number, reason: string];
const gone: Refusal = [404, "There is no such file, or its time is over."];
const away: Refusal = [503, "The file cannot be read just now."];

/** Uploads and downloads of XEP-0363 6: `/upload/TOKEN/NAME` takes a file once, `/upload/ID/NAME` gives it. */
export class FileTransfers {
  readonly #files: UploadedFiles;
  readonly #clock: Clock;

  constructor(core: Core) {
    this.#files = uploadedFilesOf(core);
    this.#clock = core.clock;
  }

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const [, , key = "", name, more] = path.split("/");
    const isFound = name !== undefined && name !== "" && more === undefined;
    switch (request.method) {
      case "OPTIONS":
        allow(response);
        return;
      case "PUT":
        await this.#put(request, response, isFound ? key : "");
        return;
      case "GET":
      case "HEAD":
        await this.#get(request, response, isFound ? key : "");
        return;
      default:
        response.setHeader("allow", "GET, HEAD, PUT, OPTIONS");
        refuse(request, response, 405, "Files are put and read here.");
    }
  }

  async #put(request: IncomingMessage, response: ServerResponse, token: string): Promise<void> {
    const file = await this.#files.slotOf(token);
    if (file === null) {
      refuse(request, response, 404, "There is no such slot, or its time is over.");
      return;
    }
    const refusal = mismatch(request, file);
    if (refusal !== null) {
      refuse(request, response, ...refusal);
      return;
    }
    request.setTimeout(idleMs, () => request.destroy());
    const deadline = setTimeout(() => request.destroy(), 2 * idleMs + (file.size / slowest) * 1000);
    try {
      const outcome = await this.#files.take(file, request);
      if (outcome === "stored") response.writeHead(201, { ...harmless, "content-length": "0" }).end();
      else refuse(request, response, ...outcomes[outcome]);
    } finally {
      clearTimeout(deadline);
    }
  }

  async #get(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const file = await this.#files.find(id);
    if (file === null) {
      refuse(request, response, ...gone);
      return;
    }
    const headers = fileHeaders(file, this.#clock.now());
    const etag = etagOf(file);
    if (isListed(etag, request.headers["if-none-match"])) {
      response.writeHead(304, headers).end();
      return;
    }
    const ifRange = request.headers["if-range"];
    const isCurrent = ifRange === undefined || ifRange === etag;
    const range = byteRange(isCurrent && request.method === "GET" ? request.headers.range : undefined, file.size);
    if (range === "outside") {
      response.setHeader("content-range", `bytes */${file.size}`);
      refuse(request, response, 416, "The file has no such part.");
      return;
    }
    const { start, end } = range ?? { start: 0, end: file.size - 1 };
    const answer = {
      ...headers,
      "content-length": String(end - start + 1),
      ...(range === null ? {} : { "content-range": `bytes ${start}-${end}/${file.size}` }),
    };
    const status = range === null ? 200 : 206;
    if (request.method === "HEAD") {
      response.writeHead(status, answer).end();
      return;
    }
    const opened = await this.#open(file, start, end);
    if (opened === "gone" || opened === "unavailable") {
      refuse(request, response, ...(opened === "gone" ? gone : away));
      return;
    }
    try {
      response.writeHead(status, answer);
      response.setTimeout(idleMs, () => response.destroy());
      await opened.sendTo(response);
      response.end();
    } catch {
      // A client that goes in the middle is no fault of anybody's; one that is still there must not take a part for all of it.
      response.destroy();
    } finally {
      await opened.close();
    }
  }

  async #open(file: FileRow, start: number, end: number): Promise<OpenFile | "gone" | "unavailable"> {
    try {
      return (await this.#files.open(file, start, end)) ?? "gone";
    } catch (error) {
      if (error instanceof PlaceUnavailableError) return "unavailable";
      throw error;
    }
  }
}

/** Why an upload is not what its slot was made for; null: it is. */
function mismatch({ headers }: IncomingMessage, file: FileRow): Refusal | null {
  const { "content-length": length, "content-type": type, "content-range": range } = headers;
  if (length === undefined) return [411, "An upload needs a Content-Length."];
  if (Number(length) > file.size) return [413, `The slot is for ${file.size} bytes.`];
  if (Number(length) !== file.size) return [400, `The slot is for ${file.size} bytes.`];
  // RFC 9110 14.5: a part would be taken for the whole.
  if (range !== undefined) return [400, "A file is uploaded in one piece."];
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") return [415, "A file is uploaded as it is."];
  const essence = type?.split(";")[0]?.trim().toLowerCase();
  if (essence !== undefined && essence !== "" && essence !== file.mediaType)
    return [415, `The slot is for the type ${file.mediaType}.`];
  return null;
}

function isListed(etag: string, header: string | undefined): boolean {
  return header?.split(",").some((entry) => ["*", etag].includes(entry.trim().replace(/^W\//, ""))) === true;
}

/** A preflight (CORS): pages of other sites may do what their visitors can do anyway. */
function allow(response: ServerResponse): void {
  response
    .writeHead(204, {
      ...harmless,
      allow: "GET, HEAD, PUT, OPTIONS",
      "access-control-allow-methods": "GET, HEAD, PUT, OPTIONS",
      "access-control-allow-headers": "content-type, range, if-none-match, if-range, authorization",
      "access-control-max-age": "7200",
    })
    .end();
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number, reason: string): void {
  // What was not read of a body is not worth reading.
  if (!request.complete && request.method === "PUT") response.setHeader("connection", "close");
  const text = `${reason}\n`;
  response.writeHead(status, {
    ...harmless,
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
  });
  response.end(request.method === "HEAD" ? undefined : text);
}
