import { createPublicKey, generateKeyPairSync, verify, type KeyObject } from "node:crypto";
import { once } from "node:events";
import {
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../../core/clock.ts";

const hourMs = 3_600_000;
const updateMs = 1_200_000;
const maxBytes = { voip: 5120, other: 4096 };
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A push as APNs saw it. */
export interface SeenPush {
  readonly id: string;
  readonly deviceToken: string;
  readonly headers: IncomingHttpHeaders;
  readonly payload: string;
  readonly streamId: number;
  /** Which connection it came over, counted from 1. */
  readonly session: number;
  /** 200 unless said otherwise. A second answer is ignored. */
  answer(status?: number, reason?: string, more?: { timestamp?: number; headers?: Record<string, string> }): void;
  /** RST_STREAM with this code (RFC 9113 7). */
  reset(code: number): void;
  /** GOAWAY: streams up to `lastStreamId`, all that came so far when left out, will be answered. */
  goAway(code?: number, lastStreamId?: number, reason?: string): void;
  /** Drops the TCP connection. */
  cut(): void;
}

export interface ApnsMockOptions {
  readonly clock: Clock;
  /** SETTINGS_MAX_CONCURRENT_STREAMS once a token was taken. */
  readonly maxStreams?: number;
  /** The same before, which is told but not meant: more than 1 is a violation all the same. */
  readonly firstMaxStreams?: number;
  /** Another environment of the same APNs: it knows the same key. */
  readonly beside?: ApnsMock;
  /** PEM of a certificate and its key; without, it speaks HTTP/2 in the clear. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** A push that passed all checks; answers it, now or later. */
  readonly behave?: (push: SeenPush) => void;
}

/** A stand-in for APNs that is as strict as the real one about what it documents. */
export interface ApnsMock {
  readonly url: string;
  /** What a target needs to push here. */
  readonly credentials: {
    readonly key: string;
    readonly keyId: string;
    readonly teamId: string;
    readonly topic: string;
  };
  readonly seen: readonly SeenPush[];
  /** What the real one would not have put up with: more streams than allowed, headers that do not fit, and the like. */
  readonly violations: readonly string[];
  /** When the tokens that came were issued, milliseconds, one of each. */
  readonly mints: readonly number[];
  readonly sessions: number;
  readonly openSessions: number;
  readonly openStreams: number;
  /** Most streams that one connection had at once. */
  readonly peak: number;
  readonly pings: number;
  behave: (push: SeenPush) => void;
  /** Does not keep what it has seen. */
  forgets: boolean;
  /** Changes SETTINGS_MAX_CONCURRENT_STREAMS of all connections, as soon as they are trusted. */
  setMaxStreams(maxStreams: number): void;
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

interface Peer {
  readonly session: ServerHttp2Session;
  readonly number: number;
  open: number;
  allowed: number;
  isTrusted: boolean;
  /** Streams after this one are not looked at (RFC 9113 6.8). */
  lastStreamId: number;
  highestStreamId: number;
}

export async function startApnsMock(options: ApnsMockOptions): Promise<ApnsMock> {
  const mock = new Mock(options, options.beside?.credentials ?? newCredentials());
  await mock.listen();
  return mock;
}

function newCredentials(): ApnsMock["credentials"] {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = privateKey.export({ type: "pkcs8", format: "pem" });
  return { key, keyId: "ABC123DEFG", teamId: "DEF123GHIJ", topic: "org.example.chat" };
}

class Mock implements ApnsMock {
  readonly credentials: ApnsMock["credentials"];
  readonly seen: SeenPush[] = [];
  readonly violations: string[] = [];
  readonly mints: number[] = [];
  behave: (push: SeenPush) => void;
  forgets = false;
  sessions = 0;
  peak = 0;
  pings = 0;
  url = "";
  readonly #clock: Clock;
  readonly #publicKey: KeyObject;
  readonly #server: Http2Server;
  readonly #isTls: boolean;
  readonly #peers = new Set<Peer>();
  /** Tokens that were verified before: their time. */
  readonly #tokens = new Map<string, number>();
  readonly #waiting = new Set<{ readonly count: number; readonly resolve: () => void }>();
  #lastUpdateAt = Number.NEGATIVE_INFINITY;
  #maxStreams: number;

  constructor(
    { clock, maxStreams = 1000, firstMaxStreams = 1, tls, behave }: ApnsMockOptions,
    credentials: ApnsMock["credentials"],
  ) {
    this.#clock = clock;
    this.#publicKey = createPublicKey(credentials.key);
    this.#maxStreams = maxStreams;
    this.#isTls = tls !== undefined;
    this.credentials = credentials;
    this.behave = behave ?? ((push) => push.answer());
    const settings = { settings: { maxConcurrentStreams: firstMaxStreams } };
    this.#server = tls === undefined ? createServer(settings) : createSecureServer({ ...settings, ...tls });
    this.#server.on("session", (session: ServerHttp2Session) => this.#onSession(session));
  }

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const { port } = this.#server.address() as AddressInfo;
    this.url = this.#isTls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  }

  get openSessions(): number {
    return this.#peers.size;
  }

  get openStreams(): number {
    return this.#peers.values().reduce((sum, { open }) => sum + open, 0);
  }

  setMaxStreams(maxStreams: number): void {
    this.#maxStreams = maxStreams;
    for (const peer of this.#peers) if (peer.isTrusted) this.#allow(peer);
  }

  received(count: number): Promise<void> {
    if (this.seen.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.add({ count, resolve }));
  }

  async close(): Promise<void> {
    for (const { session } of this.#peers) session.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #onSession(session: ServerHttp2Session): void {
    this.sessions += 1;
    const peer = {
      session,
      number: this.sessions,
      open: 0,
      allowed: 1,
      isTrusted: false,
      lastStreamId: Infinity,
      highestStreamId: 0,
    };
    this.#peers.add(peer);
    session.on("close", () => this.#peers.delete(peer));
    session.on("error", () => session.destroy());
    session.on("ping", () => {
      this.pings += 1;
    });
    session.on("stream", (stream, headers) => void this.#onStream(stream, headers, peer));
  }

  async #onStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, peer: Peer): Promise<void> {
    stream.on("error", () => stream.destroy());
    const { id = 0 } = stream;
    if (id > peer.lastStreamId) return;
    peer.highestStreamId = id;
    stream.on("close", () => {
      peer.open -= 1;
    });
    peer.open += 1;
    this.peak = Math.max(this.peak, peer.open);
    if (peer.open > peer.allowed) this.violations.push(`${peer.open} streams where ${peer.allowed} are allowed`);
    const push = this.#push(stream, headers, peer, await bodyOf(stream));
    const refusal = this.#refusal(push, peer);
    if (!this.forgets) this.seen.push(push);
    for (const one of this.#waiting) {
      if (this.seen.length < one.count) continue;
      this.#waiting.delete(one);
      one.resolve();
    }
    if (refusal === null) this.behave(push);
    else push.answer(...refusal);
  }

  #push(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, peer: Peer, payload: string): SeenPush {
    const id = String(headers["apns-id"]);
    return {
      id,
      deviceToken: String(headers[":path"]).replace("/3/device/", ""),
      headers,
      payload,
      streamId: stream.id ?? 0,
      session: peer.number,
      answer: (status = 200, reason, { timestamp, headers: more = {} } = {}) => {
        if (stream.destroyed || stream.headersSent) return;
        stream.respond({ ":status": status, "apns-id": id, ...more });
        stream.end(reason === undefined ? "" : JSON.stringify({ reason, timestamp }));
      },
      reset: (code) => stream.close(code),
      goAway: (code = constants.NGHTTP2_NO_ERROR, lastStreamId = peer.highestStreamId, reason) => {
        peer.lastStreamId = lastStreamId;
        const data = reason === undefined ? undefined : Buffer.from(JSON.stringify({ reason }));
        if (!peer.session.destroyed) peer.session.goaway(code, lastStreamId, data);
      },
      cut: () => peer.session.socket.destroy(),
    };
  }

  /** What APNs itself refuses before it looks for the device; what it would not refuse but is wrong is noted. */
  #refusal({ headers, payload, deviceToken }: SeenPush, peer: Peer): [number, string] | null {
    if (headers[":method"] !== "POST") return [405, "MethodNotAllowed"];
    if (!/^[0-9a-f]{16,400}$/i.test(deviceToken)) return [404, "BadPath"];
    const token = this.#tokenRefusal(headers.authorization ?? "", peer);
    if (token !== null) return token;
    const type = String(headers["apns-push-type"]);
    if (!["alert", "background", "voip"].includes(type)) return [400, "InvalidPushType"];
    const topic = type === "voip" ? `${this.credentials.topic}.voip` : this.credentials.topic;
    if (headers["apns-topic"] === undefined) return [400, "MissingTopic"];
    if (headers["apns-topic"] !== topic) return [400, "DeviceTokenNotForTopic"];
    if (!uuid.test(String(headers["apns-id"]))) return [400, "BadMessageId"];
    if (Buffer.byteLength(String(headers["apns-collapse-id"] ?? "")) > 64) return [400, "BadCollapseId"];
    if (!/^\d{1,12}$/.test(String(headers["apns-expiration"]))) return [400, "BadExpirationDate"];
    if (headers["apns-priority"] !== (type === "background" ? "5" : "10")) return [400, "BadPriority"];
    if (payload === "") return [400, "PayloadEmpty"];
    if (Buffer.byteLength(payload) > (type === "voip" ? maxBytes.voip : maxBytes.other))
      return [413, "PayloadTooLarge"];
    this.#checkPayload(payload, type);
    return null;
  }

  #checkPayload(payload: string, type: string): void {
    let aps: Record<string, unknown> | undefined;
    try {
      ({ aps } = JSON.parse(payload) as { aps?: Record<string, unknown> });
    } catch {
      this.violations.push(`not JSON: ${payload}`);
      return;
    }
    if (aps === undefined) this.violations.push("no aps");
    else if (type === "background" && Object.keys(aps).join() !== "content-available")
      this.violations.push("background with more");
    else if (type === "alert" && typeof aps["alert"] !== "object") this.violations.push("alert without one");
  }

  #tokenRefusal(authorization: string, peer: Peer): [number, string] | null {
    const token = /^bearer (\S+)$/.exec(authorization)?.[1];
    if (token === undefined) return [403, "MissingProviderToken"];
    const known = this.#tokens.get(token);
    const issuedAt = known ?? this.#verified(token);
    if (issuedAt === null) return [403, "InvalidProviderToken"];
    const now = this.#clock.now();
    if (now - issuedAt > hourMs) return [403, "ExpiredProviderToken"];
    if (known === undefined) {
      if (now - this.#lastUpdateAt < updateMs) return [429, "TooManyProviderTokenUpdates"];
      this.#lastUpdateAt = now;
      this.#tokens.set(token, issuedAt);
      this.mints.push(issuedAt);
    }
    if (!peer.isTrusted) {
      peer.isTrusted = true;
      this.#allow(peer);
    }
    return null;
  }

  /** When the token was issued; null: it is not one. */
  #verified(token: string): number | null {
    const [head = "", claims = "", signature = ""] = token.split(".");
    const options = { key: this.#publicKey, dsaEncoding: "ieee-p1363" as const };
    if (!verify("sha256", Buffer.from(`${head}.${claims}`), options, Buffer.from(signature, "base64url"))) return null;
    const { alg, kid } = decoded(head);
    const { iss, iat } = decoded(claims);
    const { keyId, teamId } = this.credentials;
    const isRight = alg === "ES256" && kid === keyId && iss === teamId && typeof iat === "number";
    return isRight ? iat * 1000 : null;
  }

  // The peer may have begun streams before it learns of a lower limit: only a raised one counts at once.
  #allow(peer: Peer): void {
    const maxStreams = this.#maxStreams;
    if (peer.session.closed || peer.session.destroyed) return;
    peer.allowed = Math.max(peer.allowed, maxStreams);
    peer.session.settings({ maxConcurrentStreams: maxStreams }, () => {
      peer.allowed = Math.max(maxStreams, peer.open);
    });
  }
}

function decoded(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
}

async function bodyOf(stream: ServerHttp2Stream): Promise<string> {
  let body = "";
  stream.setEncoding("utf8");
  try {
    for await (const chunk of stream) body += String(chunk);
  } catch {
    // The peer took it back.
  }
  return body;
}
