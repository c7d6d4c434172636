import { createHmac } from "node:crypto";
import { attemptError } from "../../../../lib/contracts/attempt-errors.ts";
import type { WebPushTarget } from "../../../../lib/contracts/forward-target.ts";
import type { Clock } from "../../../core/clock.ts";
import type { DeviceRow } from "../../../storage/ports.ts";
import type { Reply } from "../../http/exchanges.ts";
import { Origins } from "../../http/origins.ts";
import type { Attempt, Outgoing, Transport, TransportOptions } from "../../transport.ts";
import { UnderWay } from "../../under-way.ts";
import { evidenceOf, weighed, type Evidence } from "../evidence.ts";
import { attemptOf, finding, foreign, forgotten, mask, ofDevice, refused, type Finding } from "../http-record.ts";
import { meaningOf } from "./answers.ts";
import { encrypt, maxPlaintextBytes, SubscriptionKeyError } from "./encrypt.ts";
import { browserServiceOf, refusalOfEndpoint, shortEndpoint } from "./endpoint.ts";
import { contentless, readWebPush, type WrittenPush } from "./payload.ts";
import { Vapid, VapidKeyError } from "./vapid.ts";

/** Four weeks are the longest that all push services keep a push. */
const maxTtlSeconds = 2_419_200;
/** A call that nobody hears in this time has ended. */
const callTtlSeconds = 45;
/** Of RFC 8030 5.4, base64url: 24 bytes. */
const topicBytes = 24;
const payloadTooLarge = 413;

type Header = readonly [string, string];

/** Pushes to browsers and UnifiedPush (RFC 8030), encrypted for each subscription (RFC 8291). */
export class WebPushTransport implements Transport {
  readonly #target: Readonly<WebPushTarget>;
  readonly #agent: string;
  readonly #clock: Clock;
  readonly #origins: Origins;
  readonly #underWay = new UnderWay();
  readonly #vapid: Vapid | string;
  /** By browsers' services: what they said to the key. */
  readonly #evidence: Evidence;

  constructor(target: Readonly<WebPushTarget>, options: TransportOptions) {
    const { version, clock, resolve } = options;
    this.#target = target;
    this.#agent = `Nightpost/${version}`;
    this.#clock = clock;
    const { timeoutMs, allowPrivate, concurrency: maxIdle } = target;
    this.#origins = new Origins({ timeoutMs, allowPrivate, maxIdle, resolve });
    this.#vapid = vapidOf(target, clock);
    this.#evidence = evidenceOf("webpush", [target.privateKey, target.contact], options);
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
    const { device } = event;
    const startedAt = this.#clock.now();
    const push = readWebPush(event.payload);
    const headers = this.#headers(event, push, startedAt);
    const sent = {
      number,
      startedAt,
      url: device === null ? "" : shortEndpoint(device.token),
      headers: [...headers, ["authorization", mask] as const],
      secrets: secretsOf(device),
    };
    const vapid = this.#vapid;
    if (typeof vapid === "string") return attemptOf(event, sent, null, finding("misconfigured", vapid));
    if (push === null) return attemptOf(event, sent, null, foreign);
    if (device === null) return attemptOf(event, sent, null, event.isTest === true ? nowhere : forgotten);
    const refusal = refusalOfEndpoint(device.token, this.#target);
    if (refusal !== null) return attemptOf(event, sent, null, ofDevice(finding("blocked", refusal, { isFinal: true })));
    const url = new URL(device.token);
    const signed = [...headers.flat(), "authorization", vapid.authorization(url.origin)];
    const reply = await this.#post(device, signed, [event.payload, contentless(push, this.#target)]);
    if ("outcome" in reply) return attemptOf(event, sent, null, reply);
    const { status } = reply.exchange;
    if (status === 401 || status === 403) vapid.renew(url.origin);
    return attemptOf(event, sent, reply, await this.#meaningOf(reply, device, startedAt));
  }

  async #meaningOf({ exchange }: Reply, { token, user, registeredAt }: DeviceRow, now: number): Promise<Finding> {
    const evidence = this.#evidence;
    if (evidence.loading !== null) await evidence.loading;
    const service = browserServiceOf(new URL(token));
    const isProven = service !== null && evidence.isAccepted(service);
    const mayBeOfOtherKey = evidence.isAccepted() || registeredAt < evidence.since;
    const found = meaningOf(exchange, { now, isBrowsers: service !== null, isProven, mayBeOfOtherKey });
    return service === null ? found : weighed(found, evidence, service, user);
  }

  /** Sends the first of these texts that is not too long, and the next when the push service finds it so. */
  async #post(device: DeviceRow, headers: string[], texts: readonly string[]): Promise<Reply | Finding> {
    let reply: Reply | null = null;
    for (const text of texts) {
      const plaintext = Buffer.from(text);
      if (plaintext.length > maxPlaintextBytes) continue;
      const body = encrypted(plaintext, device);
      if (typeof body === "string") return unusable(body);
      reply = await this.#origins.post(device.token, headers, body);
      if (reply.exchange.status !== payloadTooLarge) break;
    }
    return reply ?? refused(attemptError("too-long-without-content"));
  }

  #headers(event: Outgoing, push: WrittenPush | null, now: number): Header[] {
    const isCall = event.class === "call";
    const left = Math.max(0, Math.floor((event.expiresAt - now) / 1000));
    const headers: Header[] = [
      ["user-agent", this.#agent],
      ["content-type", "application/octet-stream"],
      ["content-encoding", "aes128gcm"],
      ["ttl", String(Math.min(left, isCall ? callTtlSeconds : maxTtlSeconds))],
      ["urgency", isCall ? "high" : this.#target.urgency],
    ];
    const topic = isCall || push === null ? null : this.#topic(push.tag, event.device);
    if (topic !== null) headers.push(["topic", topic]);
    return headers;
  }

  // Of pushes that only count, the newest takes the place of those of the conversation that still wait (RFC 8030 5.4). The
  // secret of the subscription keeps the push service from telling who talks to whom.
  #topic(tag: string, device: DeviceRow | null): string | null {
    const { content } = this.#target;
    const auth = device?.settings.auth;
    if (content === "full" || content === "preview" || auth === undefined) return null;
    return createHmac("sha256", auth).update(tag).digest().subarray(0, topicBytes).toString("base64url");
  }
}

const nowhere: Finding = finding("rejected", attemptError("subscription-needed"), { isFinal: true });
function unusable(error: string): Finding {
  return finding("rejected", error, { isFinal: true, device: { kind: "gone", reason: error, since: null } });
}

function vapidOf({ privateKey, contact }: WebPushTarget, clock: Clock): Vapid | string {
  if (privateKey === "") return attemptError("no-vapid-key");
  try {
    return new Vapid(privateKey, contact, clock);
  } catch (error) {
    if (error instanceof VapidKeyError) return error.message;
    throw error;
  }
}

/** The record to send, or what is wrong with the subscription. */
function encrypted(plaintext: Buffer, { settings }: DeviceRow): Buffer | string {
  const { p256dh, auth } = settings;
  if (p256dh === undefined || auth === undefined) return "the subscription has no keys";
  try {
    return encrypt(plaintext, { p256dh, auth });
  } catch (error) {
    if (error instanceof SubscriptionKeyError) return error.message;
    throw error;
  }
}

/** What would let others push to the browser: the endpoint, or the part of its path that nobody can guess. */
function secretsOf(device: DeviceRow | null): string[] {
  if (device === null) return [];
  const { pathname = "" } = URL.parse(device.token) ?? {};
  return [device.token, pathname, pathname.slice(pathname.lastIndexOf("/") + 1)];
}
