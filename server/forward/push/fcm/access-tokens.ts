import { sign } from "node:crypto";
import { attemptError } from "../../../../lib/contracts/attempt-errors.ts";
import type { Clock } from "../../../core/clock.ts";
import { parseRetryAfter } from "../../dispatch/retry.ts";
import type { Reply } from "../../http/exchanges.ts";
import type { Origins } from "../../http/origins.ts";
import { finding, unanswered, type Finding } from "../http-record.ts";
import type { ServiceAccount } from "./service-account.ts";

const scope = "https://www.googleapis.com/auth/firebase.messaging";
const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const assertionSeconds = 3_600;
/** A token lives for an hour; a new one is asked for this long before its end, or at half of a shorter life. */
const refreshBeforeMs = 600_000;
/** While the one in hand is still good, a refresh that failed is tried again after this. */
const refreshRetryMs = 30_000;

interface Token {
  readonly value: string;
  readonly madeAt: number;
  readonly refreshAt: number;
  readonly expiresAt: number;
}

/** There is no token: what was asked, what came back, and what that means for the attempt. */
export interface Refusal {
  readonly reply: Reply;
  readonly found: Finding;
}

/**
 * Access tokens of a service account (OAuth 2.0, RFC 7523 2.1 with RS256). One is used for 50 minutes; everybody who needs
 * a new one waits for the same request.
 */
export class AccessTokens {
  readonly #account: ServiceAccount;
  readonly #origins: Origins;
  readonly #clock: Clock;
  #token: Token | null = null;
  #minting: Promise<string | Refusal> | null = null;
  #retryAt = -Infinity;

  constructor(account: ServiceAccount, origins: Origins, clock: Clock) {
    this.#account = account;
    this.#origins = origins;
    this.#clock = clock;
  }

  /** Never rejects. */
  get(): Promise<string | Refusal> | string {
    const now = this.#clock.now();
    const token = this.#token;
    // A clock that was set back must not keep a token for longer than it lives.
    const isGood = token !== null && now >= token.madeAt && now < token.expiresAt;
    if (isGood && (now < token.refreshAt || now < this.#retryAt)) return token.value;
    this.#minting ??= this.#mint(isGood ? token : null);
    return this.#minting;
  }

  /** The service did not take this token: the next attempt gets another one. */
  reject(value: string): void {
    if (this.#token?.value === value) this.#token = null;
  }

  async #mint(former: Token | null): Promise<string | Refusal> {
    const now = this.#clock.now();
    const body = new URLSearchParams({ grant_type: grantType, assertion: this.#assertion(now) }).toString();
    const headers = ["content-type", "application/x-www-form-urlencoded"];
    const reply = await this.#origins.post(this.#account.tokenUri, headers, body);
    this.#minting = null;
    const token = tokenIn(reply, now);
    if (token !== null) {
      this.#token = token;
      return token.value;
    }
    this.#retryAt = now + refreshRetryMs;
    return former?.value ?? { reply, found: meaningOf(reply, now) };
  }

  #assertion(now: number): string {
    const { keyId, clientEmail, tokenUri, key } = this.#account;
    const header = { alg: "RS256", typ: "JWT", ...(keyId === null ? {} : { kid: keyId }) };
    const iat = Math.floor(now / 1000);
    const claims = { iss: clientEmail, scope, aud: tokenUri, iat, exp: iat + assertionSeconds };
    const signed = `${jsonPart(header)}.${jsonPart(claims)}`;
    return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
  }
}

function tokenIn({ exchange }: Reply, now: number): Token | null {
  if (exchange.status !== 200) return null;
  const answer = fieldsOf(exchange.body);
  const value = answer.get("access_token");
  const seconds = answer.get("expires_in");
  if (typeof value !== "string" || value === "" || typeof seconds !== "number" || !(seconds > 0)) return null;
  const lifeMs = seconds * 1000;
  return {
    value,
    madeAt: now,
    refreshAt: now + Math.max(lifeMs - refreshBeforeMs, lifeMs / 2),
    expiresAt: now + lifeMs,
  };
}

// RFC 6749 5.2. What Google says about the account or the key is told as it is.
function meaningOf({ exchange }: Reply, now: number): Finding {
  const { status } = exchange;
  if (status === null) {
    const found = unanswered(exchange.error);
    // The address is in the file: with another one the event may well be sent.
    return found.outcome === "blocked" ? finding("misconfigured", `token_uri: ${found.error ?? ""}`) : found;
  }
  if (status === 200) return finding("failed", attemptError("no-access-token-in-answer"));
  const answer = fieldsOf(exchange.body);
  const code = textOf(answer, "error") || `HTTP ${status}`;
  const words = textOf(answer, "error_description");
  const said = words === "" ? code : `${words} (${code})`;
  const retryAfter = exchange.header("retry-after");
  const retryAfterMs = retryAfter === undefined ? null : parseRetryAfter(retryAfter, now);
  const isPassing = status === 408 || status === 429 || status < 400 || status >= 500;
  return isPassing
    ? finding("failed", attemptError("no-access-token", { detail: said }), { retryAfterMs })
    : finding("misconfigured", attemptError("access-token-refused", { detail: `${said}${hint(words)}` }));
}

function hint(words: string): string {
  if (/iat and exp|timeframe/i.test(words)) return " Is the clock of this machine right?";
  return /signature/i.test(words) ? " Was the key deleted?" : "";
}

function textOf(fields: ReadonlyMap<string, unknown>, name: string): string {
  const value = fields.get(name);
  return typeof value === "string" ? value : "";
}

function fieldsOf(body: string): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? new Map(Object.entries(value)) : new Map();
  } catch {
    return new Map();
  }
}

function jsonPart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
