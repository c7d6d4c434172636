import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify, type ECDH } from "node:crypto";
import { systemClock, type Clock } from "../../../core/clock.ts";
import { readJwt, startMockServer, type MockReaction, type MockRequest } from "../mock-http.ts";

const dayMs = 86_400_000;
const urgencies = new Set(["very-low", "low", "normal", "high"]);

/** A subscription as `PushSubscription.toJSON()` has it. */
export interface MockSubscription {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

/** A push as the mock got it, decrypted as the browser would. */
export interface MockPush {
  readonly endpoint: string;
  readonly text: string;
  readonly bytes: number;
  readonly ttl: number;
  readonly urgency: string;
  readonly topic: string | null;
  readonly authorization: string;
}

/** A push service and the browsers behind it. */
export interface PushServiceMock {
  readonly origin: string;
  readonly seen: readonly MockPush[];
  /** Connections accepted so far. */
  readonly connections: number;
  /** What was wrong with requests. */
  readonly complaints: readonly string[];
  /** Answers a good push in place of 201. */
  behave: (push: MockPush) => MockReaction | undefined;
  /** `path` in place of one of its own, for services whose endpoints begin in a certain way. */
  subscribe(path?: string): MockSubscription;
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

interface Browser {
  readonly ecdh: ECDH;
  readonly auth: Buffer;
}

export async function startPushService(clock: Clock = systemClock): Promise<PushServiceMock> {
  const browsers = new Map<string, Browser>();
  const seen: MockPush[] = [];
  const complaints: string[] = [];
  const complain = (status: number, complaint: string): MockReaction => {
    complaints.push(complaint);
    return { status, body: complaint };
  };
  const server = await startMockServer(({ path, headers, body }) => {
    const browser = browsers.get(path);
    if (browser === undefined) return complain(404, `no such subscription: ${path}`);
    const origin = `http://${headers.host}`;
    const wrong = problemOfVapid(headers.authorization ?? "", origin, clock.now()) ?? problemOfHeaders(headers);
    if (wrong !== null) return complain(400, wrong);
    if (body.length > 4096) return complain(413, `${body.length} bytes`);
    const push: MockPush = {
      endpoint: origin + path,
      text: decrypt(body, browser).toString(),
      bytes: body.length,
      ttl: Number(headers["ttl"]),
      urgency: String(headers["urgency"]),
      topic: typeof headers["topic"] === "string" ? headers["topic"] : null,
      authorization: headers.authorization ?? "",
    };
    seen.push(push);
    return mock.behave(push) ?? { status: 201, headers: { location: `${origin}/message/m${seen.length}` } };
  });
  const mock: PushServiceMock = {
    origin: server.origin,
    seen,
    complaints,
    get connections() {
      return server.connections;
    },
    behave: () => undefined,
    subscribe(path = `/push/${randomBytes(24).toString("base64url")}`) {
      const ecdh = createECDH("prime256v1");
      ecdh.generateKeys();
      const auth = randomBytes(16);
      browsers.set(path, { ecdh, auth });
      return {
        endpoint: server.origin + path,
        p256dh: ecdh.getPublicKey("base64url"),
        auth: auth.toString("base64url"),
      };
    },
    received: (count) => server.received(count),
    close: () => server.close(),
  };
  return mock;
}

/** RFC 8292 2 and 3. */
function problemOfVapid(authorization: string, origin: string, now: number): string | null {
  const [, token, key] = /^vapid t=([\w.-]+), k=([\w-]{87})$/.exec(authorization) ?? [];
  if (token === undefined || key === undefined) return "no VAPID";
  const { header, claims, signed, signature } = readJwt(token);
  const point = Buffer.from(key, "base64url");
  const x = point.subarray(1, 33).toString("base64url");
  const y = point.subarray(33).toString("base64url");
  const publicKey = createPublicKey({ format: "jwk", key: { kty: "EC", crv: "P-256", x, y } });
  if (header["alg"] !== "ES256") return `BadJwtToken: alg ${String(header["alg"])}`;
  if (!verify("sha256", signed, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature))
    return "BadJwtToken: signature";
  const { aud, exp, sub } = claims;
  if (aud !== origin) return `BadJwtToken: aud ${String(aud)}`;
  const leftMs = Number(exp) * 1000 - now;
  if (!(leftMs > 0 && leftMs <= dayMs)) return `BadJwtToken: exp in ${leftMs} ms`;
  return /^(?:mailto:\S+@\S+\.\S+|https:\/\/\S+)$/.test(String(sub)) ? null : `BadJwtToken: sub ${String(sub)}`;
}

/** RFC 8030 5.2 to 5.4, RFC 8291 4. */
function problemOfHeaders(headers: MockRequest["headers"]): string | null {
  if (!/^\d{1,7}$/.test(String(headers["ttl"]))) return "no TTL";
  if (!urgencies.has(String(headers["urgency"]))) return "no such urgency";
  if (headers["topic"] !== undefined && !/^[\w-]{1,32}$/.test(String(headers["topic"]))) return "bad topic";
  return headers["content-encoding"] === "aes128gcm" ? null : "bad content encoding";
}

/** RFC 8188 and RFC 8291, the receiver's side. */
function decrypt(body: Buffer, { ecdh, auth }: Browser): Buffer {
  const salt = body.subarray(0, 16);
  const idLength = body.readUInt8(20);
  const sender = body.subarray(21, 21 + idLength);
  const keyInfo = Buffer.concat([Buffer.from("WebPush: info\0"), ecdh.getPublicKey(), sender]);
  const secret = Buffer.from(hkdfSync("sha256", ecdh.computeSecret(sender), auth, keyInfo, 32));
  const key = Buffer.from(hkdfSync("sha256", secret, salt, "Content-Encoding: aes128gcm\0", 16));
  const nonce = Buffer.from(hkdfSync("sha256", secret, salt, "Content-Encoding: nonce\0", 12));
  const decipher = createDecipheriv("aes-128-gcm", key, nonce);
  const record = body.subarray(21 + idLength);
  decipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  return padded.subarray(0, padded.lastIndexOf(2));
}
