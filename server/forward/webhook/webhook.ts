import { tokenPresets } from "../../../lib/contracts/token-presets.ts";
import type { Clock } from "../../core/clock.ts";
import type { AttemptRecord } from "../../storage/ports.ts";
import { outcomeOf, parseRetryAfter } from "../dispatch/retry.ts";
import { describeFailure } from "../http/attempt-error.ts";
import { Exchanges, unsent, type Reply } from "../http/exchanges.ts";
import { refusalOfUrl } from "../http/guard.ts";
import { timingOf } from "../http/timing.ts";
import { accessTokenField, formType } from "../plan/form-payload.ts";
import { eventType } from "../plan/payload.ts";
import type { ResolvedWebhook } from "../service.ts";
import type { Attempt, Outgoing, Transport, TransportOptions } from "../transport.ts";
import { Signer } from "./signer.ts";
import { traceParent } from "./trace-context.ts";

/** Shorter than the 5 s after which common servers close an idle connection, so that a request does not meet the close. */
const keepAliveMs = 4_000;
const mask = "***";
/** Twice what receivers allow a clock to be off: five minutes. */
const oldMs = 600_000;
/** Shorter header values are words like `1` or `true`, whose removal would only garble a text. */
const minSecretLength = 8;

/** Signed requests to one web server. */
export class Webhook implements Transport {
  readonly #target: ResolvedWebhook;
  readonly #origin: string;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #refusal: string | null;
  readonly #exchanges: Exchanges;
  readonly #secrets: readonly string[];
  /** `access_token=…`; empty: the target gets none. */
  readonly #tokenField: string;
  readonly #signer: Signer | null;
  /** The target has no `traceparent` of its own. */
  readonly #isTraced: boolean;
  readonly #baseHeaders: readonly string[];
  readonly #baseRecord: readonly (readonly [string, string])[];

  constructor(target: ResolvedWebhook, { version, clock, resolve }: TransportOptions) {
    this.#target = target;
    const { origin, pathname, search } = new URL(target.url);
    this.#origin = origin;
    this.#path = pathname + search;
    this.#clock = clock;
    this.#refusal = refusalOfUrl(target.url, target.allowPrivate);
    const { timeoutMs, allowPrivate, concurrency: maxIdle } = target;
    this.#exchanges = new Exchanges({ timeoutMs, allowPrivate, maxIdle, keepAliveMs, resolve });
    const own = Object.entries(target.headers);
    const token = tokenPresets.has(target.preset) ? target.accessToken : "";
    this.#tokenField = token === "" ? "" : accessTokenField(token);
    this.#signer = target.signing === null ? null : new Signer(target.signing, target.signatures);
    // `Bearer TOKEN`: the whole value first, then the token alone. The form's token as it is and as it is sent.
    this.#secrets = own
      .flatMap(([, value]) => [value, ...value.split(" ").slice(1)])
      .concat(token, this.#tokenField.slice(accessTokenField("").length))
      .filter((value) => value.length >= minSecretLength);
    const names = new Set(own.map(([name]) => name.toLowerCase()));
    this.#isTraced = !names.has("traceparent");
    const agent = names.has("user-agent") ? [] : [["user-agent", `Nightpost/${version}`] as const];
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
    if (this.#refusal !== null) return this.#finished(unsent(this.#refusal), number, startedAt, event, own);
    const headers = this.#baseHeaders.slice();
    for (const [name, value] of own) headers.push(name, value);
    const reply = await this.#exchanges.post(this.#origin, this.#path, headers, body);
    return this.#finished(reply, number, startedAt, event, own);
  }

  get isBusy(): boolean {
    return this.#exchanges.isBusy;
  }

  /** Ends all attempts under way; those of a target that was only changed are left to finish. */
  close(isNow: boolean): void {
    this.#exchanges.close(isNow);
  }

  #eventHeaders(event: Outgoing, body: string, number: number, now: number): (readonly [string, string])[] {
    // Standard Webhooks: the id stays the same over attempts, the time is that of this attempt.
    const { signature: kind = "valid" } = event;
    const timestamp = String(Math.floor((kind === "old" ? now - oldMs : now) / 1000));
    const headers: (readonly [string, string])[] = [
      ["content-type", event.contentType],
      ["webhook-id", event.id],
      ["webhook-timestamp", timestamp],
      ["x-forward-attempt", String(number)],
      ["x-forward-event", eventType(event)],
    ];
    const trace = this.#isTraced ? traceParent(event.id, number) : null;
    if (trace !== null) headers.push(["traceparent", trace]);
    const signed = kind === "tampered" ? `${body} ` : body;
    const signature = kind === "none" ? "" : (this.#signer?.sign(event.id, timestamp, signed, now) ?? "");
    if (signature !== "") headers.push(["webhook-signature", signature]);
    if (event.isTest === true) headers.push(["x-forward-test", "1"]);
    if (typeof event.replayedAfter === "number") headers.push(["x-forward-replay", "1"]);
    return headers;
  }

  #finished(
    { exchange, address, times }: Reply,
    number: number,
    startedAt: number,
    event: Outgoing,
    own: readonly (readonly [string, string])[],
  ): Attempt {
    const { status } = exchange;
    const failure = status === null ? describeFailure(exchange.error) : null;
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
        address,
        timing: timingOf(event, startedAt, { times, firstByteMs: exchange.firstByteMs, totalMs: exchange.totalMs }),
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
}

function errorOf(outcome: AttemptRecord["outcome"], status: number): string | null {
  if (outcome === "delivered") return null;
  return outcome === "aborted" ? "aborted by the receiver" : `HTTP ${status}`;
}
