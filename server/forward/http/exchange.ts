import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { attemptError } from "../../../lib/contracts/attempt-errors.ts";
import { headerList, maxBodyBytes } from "./kept-response.ts";

/** The attempt took longer than the target's `timeoutMs`. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}
const deadline = new DeadlineError(attemptError("no-answer-in-time"));
const enough = new Error("the rest of the response is not needed");

/** One request and what came of it. A response counts from its status line on; a body cut short does not undo it. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly startedAt = performance.now();
  status: number | null = null;
  /** Why there is no status. */
  error: Error | null = null;
  headers: readonly (readonly [string, string])[] = [];
  isTruncated = false;
  firstByteMs: number | null = null;
  totalMs = 0;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #controller: Dispatcher.DispatchController | undefined;
  readonly #done: (exchange: Exchange) => void;
  #isDone = false;

  constructor(done: (exchange: Exchange) => void) {
    this.#done = done;
  }

  /** The first 4 KiB of the response body. */
  get body(): string {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    return bytes.toString("utf8", 0, maxBodyBytes);
  }

  /** The first value of a response header, by its name in small letters. */
  header(wanted: string): string | undefined {
    for (const [name, value] of this.headers) if (name === wanted) return value;
    return undefined;
  }

  /** The connection broke before an answer began: on one that was used before, that says nothing about the request. */
  get isReset(): boolean {
    if (this.status !== null || this.error === null || !("code" in this.error)) return false;
    const { code } = this.error;
    return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
  }

  /** false: the request is not written yet, so ending it takes closing the connection. */
  get isWritten(): boolean {
    return this.#controller !== undefined;
  }

  expire(): void {
    if (this.status === null) this.error = deadline;
    else this.isTruncated = true;
    this.#finish();
    this.#controller?.abort(deadline);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isDone) controller.abort(deadline);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.status = status;
    this.firstByteMs = performance.now() - this.startedAt;
    this.headers = headerList(headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isDone) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes <= maxBodyBytes) return;
    this.isTruncated = true;
    this.#finish();
    controller.abort(enough);
  }

  onResponseEnd(): void {
    this.#finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.status === null) this.error ??= error;
    else this.isTruncated = true;
    this.#finish();
  }

  #finish(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.totalMs = performance.now() - this.startedAt;
    this.#done(this);
  }
}
