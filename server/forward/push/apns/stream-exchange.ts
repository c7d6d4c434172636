import {
  constants,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
} from "node:http2";
import { attemptError } from "../../../../lib/contracts/attempt-errors.ts";
import type { ConnectTimes } from "../../http/connection.ts";
import { DeadlineError } from "../../http/exchange.ts";
import { headerList, maxBodyBytes } from "../../http/kept-response.ts";

const deadline = new DeadlineError(attemptError("no-answer-in-time"));
const notConnected: ConnectTimes = { dnsMs: null, connectMs: null, tlsMs: null };

/** Where an exchange takes place, as far as it has to know. */
interface Place {
  /** Told when the stream takes none of the connection's room any more; `isUnprocessed`: the exchange has not ended by that. */
  released(exchange: StreamExchange, isUnprocessed: boolean): void;
  /** The peer has said that it did not look at this stream (RFC 9113 6.8). */
  isUnprocessed(stream: ClientHttp2Stream): boolean;
  /** Why the connection ended, in the peer's or the system's words. */
  readonly failure: Error | null;
}

/** One request on one stream and what came of it; on another stream again, when the peer has not looked at the first one. */
export class StreamExchange {
  readonly headers: OutgoingHttpHeaders;
  readonly payload: string;
  readonly startedAt = performance.now();
  status: number | null = null;
  /** Why there is no status. */
  error: Error | null = null;
  responseHeaders: readonly (readonly [string, string])[] = [];
  isTruncated = false;
  firstByteMs: number | null = null;
  totalMs = 0;
  address: string | null = null;
  /** How long connecting took, when it was done for this exchange. */
  times: ConnectTimes = notConnected;
  /** Streams that it was begun on. */
  tries = 0;
  readonly #done: (exchange: StreamExchange) => void;
  #stream: ClientHttp2Stream | null = null;
  #body = "";
  #isDone = false;

  constructor(headers: OutgoingHttpHeaders, payload: string, done: (exchange: StreamExchange) => void) {
    this.headers = headers;
    this.payload = payload;
    this.#done = done;
  }

  /** The first 4 KiB of the response body. */
  get body(): string {
    return this.#body;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  responseHeader(wanted: string): string | undefined {
    for (const [name, value] of this.responseHeaders) if (name === wanted) return value;
    return undefined;
  }

  run(stream: ClientHttp2Stream, place: Place): void {
    this.tries += 1;
    this.error = null;
    this.#stream = stream;
    stream.setEncoding("utf8");
    stream.once("response", (headers) => this.#onResponse(headers));
    stream.on("data", (chunk: string) => this.#onData(chunk));
    stream.on("error", (error: Error) => {
      this.error ??= error;
    });
    stream.once("close", () => this.#onClose(stream, place));
    stream.end(this.payload);
  }

  /** It never came to a stream. */
  fail(error: Error): void {
    this.error = error;
    this.#finish();
  }

  /** No answer is waited for any longer. */
  expire(): void {
    if (this.#isDone) return;
    if (this.status === null) this.error = deadline;
    else this.isTruncated = true;
    this.#finish();
    this.#stream?.close(constants.NGHTTP2_CANCEL);
  }

  #onResponse(headers: IncomingHttpHeaders & IncomingHttpStatusHeader): void {
    if (this.#isDone) return;
    this.status = headers[":status"] ?? null;
    this.firstByteMs = performance.now() - this.startedAt;
    this.responseHeaders = headerList(headers);
  }

  #onData(chunk: string): void {
    if (this.#isDone || this.isTruncated) return;
    this.#body += chunk;
    if (this.#body.length <= maxBodyBytes) return;
    this.#body = this.#body.slice(0, maxBodyBytes);
    this.isTruncated = true;
    this.#stream?.close(constants.NGHTTP2_CANCEL);
  }

  #onClose(stream: ClientHttp2Stream, place: Place): void {
    this.#stream = null;
    const isAnswered = this.status !== null;
    const isUnprocessed = !this.#isDone && !isAnswered && place.isUnprocessed(stream);
    if (!this.#isDone && !isAnswered) {
      this.error = place.failure ?? this.error ?? new Error(attemptError("stream-closed"));
    } else if (!this.#isDone && stream.rstCode !== constants.NGHTTP2_NO_ERROR) this.isTruncated = true;
    // Whoever runs it decides whether an exchange that was not looked at is at its end.
    if (!isUnprocessed) this.#finish();
    place.released(this, isUnprocessed);
  }

  #finish(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.totalMs = performance.now() - this.startedAt;
    this.#done(this);
  }
}
