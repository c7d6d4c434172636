import { buildConnector } from "undici";
import { tokenPresets } from "../../../lib/contracts/token-presets.ts";
import type { Clock } from "../../core/clock.ts";
import type { AttemptRecord } from "../../storage/ports.ts";
import { describeFailure } from "../http/attempt-error.ts";
import { Connection, type ConnectTimes } from "../http/connection.ts";
import { Exchange } from "../http/exchange.ts";
import { accessTokenField, formType } from "../plan/form-payload.ts";
import { BlockedError, guardedLookup, refusalOfUrl } from "../http/guard.ts";
import { eventType } from "../plan/payload.ts";
import { outcomeOf, parseRetryAfter } from "../dispatch/retry.ts";
import type { ResolvedWebhook } from "../service.ts";
import { Signer } from "./signer.ts";
import type { Attempt, Outgoing, Transport, TransportOptions } from "../transport.ts";

const connectTimeoutMs = 3_000;
const mask = "***";
/** Shorter header values are words like `1` or `true`, whose removal would only garble a text. */
const minSecretLength = 8;

const noTimes: ConnectTimes = { dnsMs: null, connectMs: null, tlsMs: null };

/**
 * The connections to one web server: as many as there are attempts at once, the one used last first. No redirects are followed.
 * One timer serves the deadlines of all attempts, which have the same length and so end in the order they began.
 */
export class Webhook implements Transport {
  readonly #target: ResolvedWebhook;
  readonly #url: URL;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #refusal: string | null;
  readonly #connect: buildConnector.connector;
  readonly #idle: Connection[] = [];
  readonly #open = new Map<Exchange, Connection>();
  readonly #secrets: readonly string[];
  /** `access_token=…`; empty: the target gets none. */
  readonly #tokenField: string;
  readonly #signer: Signer | null;
  readonly #baseHeaders: readonly string[];
  readonly #baseRecord: readonly (readonly [string, string])[];
  #sweep: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(target: ResolvedWebhook, { version, clock, resolve }: TransportOptions) {
    this.#target = target;
    this.#url = new URL(target.url);
    this.#path = `${this.#url.pathname}${this.#url.search}`;
    this.#clock = clock;
    this.#refusal = refusalOfUrl(target.url, target.allowPrivate);
    this.#connect = buildConnector({
      timeout: connectTimeoutMs,
      allowH2: false,
      lookup: guardedLookup(target.allowPrivate, resolve),
    });
    const own = Object.entries(target.headers);
    const token = tokenPresets.has(target.preset) ? target.accessToken : "";
    this.#tokenField = token === "" ? "" : accessTokenField(token);
    this.#signer = target.signing === null ? null : new Signer(target.signing, target.signatures);
    // `Bearer TOKEN`: the whole value first, then the token alone. The form's token as it is and as it is sent.
    this.#secrets = own
      .flatMap(([, value]) => [value, ...value.split(" ").slice(1)])
      .concat(token, this.#tokenField.slice(accessTokenField("").length))
      .filter((value) => value.length >= minSecretLength);
    const isNamed = own.some(([name]) => name.toLowerCase() === "user-agent");
    const agent = isNamed ? [] : [["user-agent", `Nightpost/${version}`] as const];
    this.#baseHeaders = [...agent, ...own].flat();
    // Header values of a target are its secrets: what is written down says only that they were there.
    this.#baseRecord = [...agent, ...own.map(([name]) => [name, mask] as const)];
  }

  /** Makes one attempt. Never rejects: whatever goes wrong is the outcome. */
  async attempt(event: Outgoing, number: number): Promise<Attempt> {
    const startedAt = this.#clock.now();
    // Settings may have changed since the event was made: only a form can take the token.
    const hasToken = this.#tokenField !== "" && event.contentType === formType;
    const body = hasToken ? `${event.payload}&${this.#tokenField}` : event.payload;
    const own = this.#eventHeaders(event, body, number, startedAt);
    if (this.#refusal !== null) return this.#finished(new Exchange(ignore), null, number, startedAt, event, own);
    const headers = this.#baseHeaders.slice();
    for (const [name, value] of own) headers.push(name, value);
    let connection = this.#idle.pop() ?? new Connection(this.#url.origin, this.#connect);
    let exchange = await this.#exchange(connection, headers, body);
    if (connection.isUsed && exchange.isReset) {
      // The peer closed the kept connection while the request was on its way: that says nothing about the event.
      connection.destroy();
      connection = new Connection(this.#url.origin, this.#connect);
      exchange = await this.#exchange(connection, headers, body);
    }
    return this.#finished(exchange, connection, number, startedAt, event, own);
  }

  get isBusy(): boolean {
    return this.#open.size > 0;
  }

  /** Ends all attempts under way; those of a target that was only changed are left to finish. */
  close(isNow: boolean): void {
    this.#isClosed = true;
    for (const connection of this.#idle.splice(0)) connection.destroy();
    if (isNow) for (const [exchange, connection] of this.#open) this.#abandon(exchange, connection);
  }

  #exchange(connection: Connection, headers: string[], body: string): Promise<Exchange> {
    return new Promise((resolve) => {
      const exchange = new Exchange((ended) => {
        this.#open.delete(ended);
        resolve(ended);
      });
      this.#open.set(exchange, connection);
      if (this.#sweep === undefined) this.#sweep = this.#sweepAfter(this.#target.timeoutMs);
      connection.send(exchange, this.#path, headers, body);
    });
  }

  #sweepAfter(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#sweepNow(), ms).unref();
  }

  #sweepNow(): void {
    this.#sweep = undefined;
    const now = performance.now();
    for (const [exchange, connection] of this.#open) {
      const leftMs = exchange.startedAt + this.#target.timeoutMs - now;
      if (leftMs > 0) {
        this.#sweep = this.#sweepAfter(Math.ceil(leftMs));
        return;
      }
      this.#abandon(exchange, connection);
    }
  }

  #abandon(exchange: Exchange, connection: Connection): void {
    const isWritten = exchange.isWritten;
    exchange.expire();
    if (!isWritten) connection.destroy();
  }

  #eventHeaders(event: Outgoing, body: string, number: number, now: number): (readonly [string, string])[] {
    // Standard Webhooks: the id stays the same over attempts, the time is that of this attempt.
    const timestamp = String(Math.floor(now / 1000));
    const headers: (readonly [string, string])[] = [
      ["content-type", event.contentType],
      ["webhook-id", event.id],
      ["webhook-timestamp", timestamp],
      ["x-forward-attempt", String(number)],
      ["x-forward-event", eventType(event)],
    ];
    const signature = this.#signer?.sign(event.id, timestamp, body, now) ?? "";
    if (signature !== "") headers.push(["webhook-signature", signature]);
    if (event.isTest === true) headers.push(["x-forward-test", "1"]);
    if (typeof event.replayedAfter === "number") headers.push(["x-forward-replay", "1"]);
    return headers;
  }

  #finished(
    exchange: Exchange,
    connection: Connection | null,
    number: number,
    startedAt: number,
    event: Outgoing,
    own: readonly (readonly [string, string])[],
  ): Attempt {
    const { status } = exchange;
    const { dnsMs, connectMs, tlsMs } = connection?.takeTimes() ?? noTimes;
    if (connection !== null) this.#keep(connection, exchange);
    const failure =
      status === null
        ? describeFailure(this.#refusal === null ? exchange.error : new BlockedError(this.#refusal))
        : null;
    const outcome = failure?.outcome ?? outcomeOf(status!, exchange.header("webhook-delivery"));
    const retryAfter = exchange.header("retry-after");
    return {
      retryAfterMs: retryAfter === undefined ? null : parseRetryAfter(retryAfter, startedAt),
      record: {
        number,
        startedAt,
        outcome,
        status,
        error: failure?.text ?? errorOf(outcome, status!),
        address: connection?.address ?? null,
        timing: {
          queueMs: Math.max(0, startedAt - event.dueAt),
          dnsMs: round(dnsMs),
          connectMs: round(connectMs),
          tlsMs: round(tlsMs),
          firstByteMs: round(exchange.firstByteMs),
          totalMs: round(exchange.totalMs),
        },
        request: { method: "POST", url: this.#target.url, headers: [...this.#baseRecord, ...own] },
        response:
          status === null
            ? null
            : {
                headers: exchange.headers.map(([name, value]) => [name, this.#withoutSecrets(value)] as const),
                body: this.#withoutSecrets(exchange.body),
                truncated: exchange.isTruncated,
              },
        providerId: null,
      },
    };
  }

  // A server that answers with what it got must not bring a secret into the log.
  #withoutSecrets(text: string): string {
    let masked = text;
    for (const value of this.#secrets) masked = masked.replaceAll(value, mask);
    return masked;
  }

  // After a failure the connection may be half open or out of step: a new one costs little.
  #keep(connection: Connection, exchange: Exchange): void {
    if (this.#isClosed || exchange.status === null || exchange.isTruncated) connection.destroy();
    else this.#idle.push(connection);
  }
}

function ignore(): void {}

function errorOf(outcome: AttemptRecord["outcome"], status: number): string | null {
  if (outcome === "delivered") return null;
  return outcome === "aborted" ? "aborted by the receiver" : `HTTP ${status}`;
}

// Tenths of a millisecond are what a reader can use.
function round<T extends number | null>(ms: T): T;
function round(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10;
}
