import { attemptError } from "../../../../lib/contracts/attempt-errors.ts";
import type { FcmTarget } from "../../../../lib/contracts/forward-target.ts";
import type { Clock } from "../../../core/clock.ts";
import type { Reply } from "../../http/exchanges.ts";
import { Origins } from "../../http/origins.ts";
import type { Attempt, Outgoing, Transport, TransportOptions } from "../../transport.ts";
import { UnderWay } from "../../under-way.ts";
import { evidenceOf, weighed, type Evidence } from "../evidence.ts";
import { attemptOf, finding, foreign, forgotten, mask, type Finding, type Sent } from "../http-record.ts";
import { AccessTokens, type Refusal } from "./access-tokens.ts";
import { isTokenRefused, meaningOf, type Asked } from "./answers.ts";
import { readServiceAccount, ServiceAccountError, type ServiceAccount } from "./service-account.ts";

const google = "https://fcm.googleapis.com";
/** Four weeks (FCM, AndroidConfig.ttl). */
const maxTtlSeconds = 2_419_200;
/** A call that nobody hears in this time has ended. */
const callTtlSeconds = 45;

const testTopic = "nightpost-test";

/** What a service account's file is good for. */
interface Sender {
  readonly account: ServiceAccount;
  readonly tokens: AccessTokens;
  readonly url: string;
  readonly evidence: Evidence;
}

/** A project is one: it has no parts that differ in what they take. */
const wholeProject = "project";

/** Pushes through Firebase Cloud Messaging, HTTP v1: one request for each device. */
export class FcmTransport implements Transport {
  readonly #agent: string;
  readonly #clock: Clock;
  readonly #origins: Origins;
  readonly #underWay = new UnderWay();
  /** What is wrong with the service account, if something is. */
  readonly #sender: Sender | Finding;

  constructor(target: Readonly<FcmTarget>, options: TransportOptions) {
    const { version, clock, resolve } = options;
    this.#agent = `Nightpost/${version}`;
    this.#clock = clock;
    const { timeoutMs, allowPrivate, concurrency: maxIdle } = target;
    this.#origins = new Origins({ timeoutMs, allowPrivate, maxIdle, resolve });
    this.#sender = this.#senderOf(target, options);
  }

  get isBusy(): boolean {
    return this.#underWay.isAny;
  }

  attempt(event: Outgoing, number: number): Promise<Attempt> {
    return this.#underWay.run(() => this.#attempt(event, number));
  }

  close(isNow: boolean): void {
    this.#origins.close(isNow);
  }

  async #attempt(event: Outgoing, number: number): Promise<Attempt> {
    const sender = this.#sender;
    const startedAt = this.#clock.now();
    const sent: Sent = { number, startedAt, url: "", headers: [], secrets: [] };
    if (!("tokens" in sender)) return attemptOf(event, sent, null, sender);
    const body = bodyOf(event, startedAt);
    if (typeof body !== "string") return attemptOf(event, { ...sent, url: sender.url }, null, body);
    let answer = await this.#send(sender, body);
    // The access token may have been withdrawn before its time: that is found out once.
    if ("token" in answer && isTokenRefused(answer.reply.exchange)) answer = await this.#send(sender, body);
    const secrets = [event.device?.token ?? "", "token" in answer ? answer.token : ""];
    if ("found" in answer) {
      return attemptOf(event, { ...sent, url: sender.account.tokenUri, secrets }, answer.reply, answer.found);
    }
    const found = await this.#meaningOf(answer.reply, sender, event, { number, now: startedAt });
    const headers = [...this.#headers(), ["authorization", mask] as const];
    return attemptOf(event, { ...sent, url: sender.url, headers, secrets }, answer.reply, found);
  }

  async #send({ tokens, url }: Sender, body: string): Promise<Refusal | { reply: Reply; token: string }> {
    const token = await tokens.get();
    if (typeof token !== "string") return token;
    const headers = [...this.#headers().flat(), "authorization", `Bearer ${token}`];
    const reply = await this.#origins.post(url, headers, body);
    if (isTokenRefused(reply.exchange)) tokens.reject(token);
    return { reply, token };
  }

  async #meaningOf(
    { exchange }: Reply,
    { evidence }: Sender,
    { device }: Outgoing,
    asked: Omit<Asked, "isProven">,
  ): Promise<Finding> {
    if (evidence.loading !== null) await evidence.loading;
    const found = meaningOf(exchange, { ...asked, isProven: evidence.isAccepted() });
    // A message that FCM only looked at shows nothing about tokens.
    return device === null ? found : weighed(found, evidence, wholeProject, device.user);
  }

  #headers(): (readonly [string, string])[] {
    return [
      ["user-agent", this.#agent],
      ["content-type", "application/json"],
    ];
  }

  #senderOf({ serviceAccount, server }: Readonly<FcmTarget>, options: TransportOptions): Sender | Finding {
    try {
      const account = readServiceAccount(serviceAccount);
      const url = `${(server ?? google).replace(/\/+$/, "")}/v1/projects/${encodeURIComponent(account.projectId)}/messages:send`;
      const evidence = evidenceOf("fcm", [url], options);
      return { account, url, evidence, tokens: new AccessTokens(account, this.#origins, this.#clock) };
    } catch (error) {
      if (error instanceof ServiceAccountError)
        return finding("misconfigured", attemptError("service-account", { reason: error.message }));
      throw error;
    }
  }
}

/** The request, or why there is none: the payload with the device's token, and how long it is worth keeping. */
function bodyOf({ payload, expiresAt, class: kind, device, isTest }: Outgoing, now: number): string | Finding {
  const message = messageIn(payload);
  if (message === null) return foreign;
  if (device === null && isTest !== true) return forgotten;
  const { android, data } = message;
  const left = Math.max(0, Math.floor((expiresAt - now) / 1000));
  const ttl = `${Math.min(left, kind === "call" ? callTtlSeconds : maxTtlSeconds)}s`;
  const count = Number(data["unread"]);
  const notification =
    "notification" in android && count > 0
      ? { notification: { ...Object(android.notification), notification_count: count } }
      : {};
  const full = { ...message, android: { ...android, ttl, ...notification } };
  // Without a device the settings are tested: FCM looks at everything and sends nothing.
  return device === null
    ? JSON.stringify({ validate_only: true, message: { ...full, topic: testTopic } })
    : JSON.stringify({ message: { ...full, token: device.token } });
}

function messageIn(payload: string): { android: object; data: Readonly<Record<string, unknown>> } | null {
  let message: unknown;
  try {
    message = JSON.parse(payload);
  } catch {
    return null;
  }
  if (typeof message !== "object" || message === null || !("android" in message) || !("data" in message)) return null;
  const { android, data } = message;
  if (typeof android !== "object" || android === null || typeof data !== "object" || data === null) return null;
  return { ...message, android, data: { ...data } };
}
