import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import type { Core } from "../core/core.ts";
import { Network, parseAddress } from "../core/network.ts";
import type { ConsoleSessionRow } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { callerOfAccount, callerOfKey } from "./caller-of.ts";
import { nobody, type Caller } from "./caller.ts";

/** The console's cookie: an encrypted token of next-auth that holds the id of a session kept here. */
export const sessionCookie = "nightpost.sid";

const Token = z.object({ sid: z.string().min(1).max(64), jid: z.string().min(1).max(3071) });

const freshMs = 2_000;
const touchMs = 60_000;
const maxRemembered = 1_000;

interface Known {
  readonly session: ConsoleSessionRow;
  readonly jid: Jid;
  readonly hasSecondFactor: boolean;
  readonly until: number;
}

/**
 * Finds out who a request speaks for. A credential that cannot be read, has expired or was revoked is no credential:
 * the caller is nobody, never an error. What was found is trusted for two seconds; the access rule is asked every time.
 */
export class Callers {
  readonly #core: Core;
  readonly #secret: string;
  readonly #known = new Map<string, Known>();
  readonly #touched = new Map<string, number>();
  #generation = 0;

  /** `secret`: what the console signs its sessions with, at least 32 bytes. */
  constructor(core: Core, secret: string) {
    if (Buffer.byteLength(secret) < 32)
      throw new Error("the secret of the console's sessions is shorter than 32 bytes");
    this.#core = core;
    this.#secret = secret;
  }

  async identify(headers: IncomingHttpHeaders, address: string): Promise<Caller> {
    if (headers.authorization !== undefined) return this.#byKey(headers.authorization, address);
    const token = cookieOf(headers.cookie, sessionCookie);
    return token === undefined ? nobody : this.#bySession(token, address);
  }

  /** A session was revoked: what is remembered, or being looked up just now, counts no more. */
  forget(): void {
    this.#known.clear();
    this.#generation += 1;
  }

  async #byKey(authorization: string, address: string): Promise<Caller> {
    const text = /^Bearer (np_[A-Za-z0-9_-]{20,128})$/.exec(authorization)?.[1];
    if (text === undefined) return nobody;
    const { stores, clock } = this.#core;
    const key = await stores.admin.keyByHash(createHash("sha256").update(text).digest("hex"));
    const now = clock.now();
    if (key === null || (key.expiresAt !== null && key.expiresAt <= now)) return nobody;
    if (!isAmong(key.addresses, address)) return nobody;
    if (this.#isDue(key.id, now)) await stores.admin.touchKey(key.id, now, address);
    return callerOfKey(key);
  }

  async #bySession(token: string, address: string): Promise<Caller> {
    const now = this.#core.clock.now();
    let known = this.#known.get(token);
    if (known === undefined || known.until <= now) {
      const generation = this.#generation;
      known = await this.#lookUp(token, now);
      if (generation !== this.#generation) return this.#bySession(token, address);
      if (known === undefined) {
        this.#known.delete(token);
        return nobody;
      }
      remember(this.#known, token, known);
    }
    const { session, jid, hasSecondFactor } = known;
    const { policy, stores } = this.#core;
    if (!policy.isLoginAddress(address)) return nobody;
    if (this.#isDue(session.id, now)) await stores.admin.touchSession(session.id, now);
    return callerOfAccount(policy, { jid, sessionId: session.id, hasSecondFactor }, address);
  }

  async #lookUp(token: string, now: number): Promise<Known | undefined> {
    // Loaded with the first cookie: a server without a console never needs it.
    const { decode } = await import("next-auth/jwt");
    const claims = Token.safeParse(await decode({ token, secret: this.#secret }).catch(() => null));
    if (!claims.success) return undefined;
    const { stores } = this.#core;
    const session = await stores.admin.session(claims.data.sid);
    if (session === null || session.jid !== claims.data.jid || session.expiresAt <= now) return undefined;
    const jid = Jid.tryParse(session.jid);
    if (jid === undefined) return undefined;
    const row = await stores.accounts.find(jid.domain, jid.local);
    if (row === null || (row.suspended !== null && (row.suspended.until ?? Infinity) > now)) return undefined;
    const factors = await stores.factors.of(jid.bare);
    return { session, jid, hasSecondFactor: factors.length > 0, until: now + freshMs };
  }

  #isDue(id: string, now: number): boolean {
    if (now - (this.#touched.get(id) ?? 0) < touchMs) return false;
    remember(this.#touched, id, now);
    return true;
  }
}

/** An empty list is for any address. */
function isAmong(blocks: readonly string[], address: string): boolean {
  if (blocks.length === 0) return true;
  const parsed = parseAddress(address);
  return parsed !== null && blocks.some((block) => Network.parse(block)?.has(parsed) === true);
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > maxRemembered) map.delete(map.keys().next().value!);
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(";") ?? []) {
    const equals = pair.indexOf("=");
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}

/**
 * May a browser have sent this on behalf of another site? Cookies go along with such requests, so writes and socket
 * upgrades that rely on one must prove their origin. Without a cookie the headers are judged only when they are there.
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  if (origin === undefined) return headers.cookie === undefined;
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
