import { generateKeyPairSync, randomBytes, verify } from "node:crypto";
import { systemClock, type Clock } from "../../../core/clock.ts";
import {
  jsonAnswer,
  readJwt,
  startMockServer,
  type MockAnswer,
  type MockReaction,
  type MockRequest,
} from "../mock-http.ts";

const clientEmail = "push@test-project.iam.gserviceaccount.com";
const scope = "https://www.googleapis.com/auth/firebase.messaging";
const fcmErrorType = "type.googleapis.com/google.firebase.fcm.v1.FcmError";
const tokenMs = 3_600_000;
const maxSkewMs = 300_000;
const maxBytes = 4096;
const reserved = /^(?:from|message_type|collapse_key|google.*|gcm.*)$/;
const messageFields = new Set(["token", "topic", "data", "notification", "android"]);

/** A message as FCM's mock got it; what is wrong with it is in the mock's complaints. */
export interface FcmMessage {
  readonly token?: string;
  readonly topic?: string;
  readonly data: Readonly<Record<string, string>>;
  readonly notification?: { readonly title?: string; readonly body: string };
  readonly android: {
    readonly priority: string;
    readonly ttl: string;
    readonly collapse_key?: string;
    readonly notification?: { readonly tag?: string; readonly notification_count?: number };
  };
}

/** FCM and Google's token endpoint in one, as strict as they are. */
export interface FcmMock {
  readonly url: string;
  /** Text of a service account's file that is good here. */
  readonly serviceAccount: string;
  readonly seen: readonly FcmMessage[];
  /** Connections accepted so far. */
  readonly connections: number;
  /** When access tokens were asked for, by the clock. */
  readonly mints: readonly number[];
  /** What was wrong with requests. */
  readonly complaints: readonly string[];
  /** Answers a good message in place of acceptance; undefined: accepted. */
  behave: (message: FcmMessage) => MockReaction | undefined;
  /** The same for good requests for an access token. */
  behaveToken: () => MockReaction | undefined;
  /** No access token given out so far is good any more. */
  withdrawTokens(): void;
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

// It takes a tenth of a second to find one, and nothing is lost when all mocks have the same.
let keyPair: ReturnType<typeof newKeyPair> | undefined;
const newKeyPair = () => generateKeyPairSync("rsa", { modulusLength: 2048 });

export async function startFcmMock(clock: Clock = systemClock): Promise<FcmMock> {
  keyPair ??= newKeyPair();
  const { privateKey, publicKey } = keyPair;
  const seen: FcmMessage[] = [];
  const mints: number[] = [];
  const complaints: string[] = [];
  const tokens = new Map<string, number>();

  const mint = ({ body }: MockRequest): MockReaction => {
    const now = clock.now();
    mints.push(now);
    const special = mock.behaveToken();
    if (special !== undefined) return special;
    const form = new URLSearchParams(body.toString());
    const wrong = problemOfAssertion(form, now);
    if (wrong !== null) {
      complaints.push(wrong);
      return jsonAnswer(400, { error: "invalid_grant", error_description: wrong });
    }
    const token = `ya29.${randomBytes(24).toString("base64url")}`;
    tokens.set(token, now + tokenMs);
    return jsonAnswer(200, { access_token: token, expires_in: tokenMs / 1000, token_type: "Bearer" });
  };

  const problemOfAssertion = (form: URLSearchParams, now: number): string | null => {
    if (form.get("grant_type") !== "urn:ietf:params:oauth:grant-type:jwt-bearer") return "Invalid grant type";
    const { header, claims, signed, signature } = readJwt(form.get("assertion") ?? "");
    if (header["alg"] !== "RS256" || header["kid"] !== "key-1") return "Invalid JWT header";
    if (!verify("sha256", signed, publicKey, signature)) return "Invalid JWT Signature.";
    const { iss, aud, iat, exp } = claims;
    if (iss !== clientEmail || aud !== `${server.origin}/token` || claims["scope"] !== scope)
      return "Invalid JWT claims";
    const isTimely = Math.abs(Number(iat) * 1000 - now) <= maxSkewMs && Number(exp) - Number(iat) <= 3600;
    return isTimely
      ? null
      : "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe";
  };

  const send = ({ headers, body }: MockRequest): MockReaction => {
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? "";
    if ((tokens.get(token) ?? 0) <= clock.now()) {
      return fcmError(401, "UNAUTHENTICATED", null, "Request had invalid authentication credentials.");
    }
    const request = JSON.parse(body.toString()) as { message: FcmMessage; validate_only?: boolean };
    const wrong = problemOfMessage(request.message);
    if (wrong !== null) {
      complaints.push(wrong);
      return fcmError(400, "INVALID_ARGUMENT", null, wrong);
    }
    seen.push(request.message);
    const name = request.validate_only === true ? "fake_message_id" : `0:${seen.length}`;
    return mock.behave(request.message) ?? jsonAnswer(200, { name: `projects/test-project/messages/${name}` });
  };

  const server = await startMockServer((request) => {
    if (request.path === "/token") return mint(request);
    if (request.path === "/v1/projects/test-project/messages:send") return send(request);
    complaints.push(`no such path: ${request.path}`);
    return { status: 404 };
  });
  const mock: FcmMock = {
    url: server.origin,
    serviceAccount: JSON.stringify({
      type: "service_account",
      project_id: "test-project",
      private_key_id: "key-1",
      private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
      client_email: clientEmail,
      token_uri: `${server.origin}/token`,
    }),
    seen,
    mints,
    complaints,
    get connections() {
      return server.connections;
    },
    behave: () => undefined,
    behaveToken: () => undefined,
    withdrawTokens: () => tokens.clear(),
    received: (count) => server.received(count),
    close: () => server.close(),
  };
  return mock;
}

/** An error as FCM puts it. `code` null: without a detail of FCM's own. */
export function fcmError(
  status: number,
  rpc: string,
  code: string | null,
  message: string,
  details: readonly object[] = [],
): MockAnswer {
  const own = code === null ? [] : [{ "@type": fcmErrorType, errorCode: code }];
  return jsonAnswer(status, { error: { code: status, message, status: rpc, details: [...own, ...details] } });
}

function problemOfMessage(message: FcmMessage): string | null {
  for (const field of Object.keys(message)) if (!messageFields.has(field)) return `Unknown name "${field}"`;
  const { token, topic, data, notification, android } = message;
  if ((token === undefined) === (topic === undefined)) return "Exactly one recipient is needed";
  for (const [key, value] of Object.entries(data)) {
    if (reserved.test(key)) return `Reserved key in data: ${key}`;
    if (typeof value !== "string") return `Invalid value at 'message.data' (TYPE_STRING): ${key}`;
  }
  if (!["high", "normal"].includes(android.priority)) return "Invalid priority";
  const ttl = /^(\d+)s$/.exec(android.ttl)?.[1];
  if (ttl === undefined || Number(ttl) > 2_419_200) return "Invalid ttl";
  const size = Buffer.byteLength(JSON.stringify({ data, notification }));
  return size > maxBytes ? `Android message is too big: ${size}` : null;
}
