import { createHmac, randomBytes } from "node:crypto";
import type { ClientLogin, ClientRow, Clients, ClientToken } from "../storage/ports.ts";
import { StreamError } from "../xmpp/errors.ts";
import type { Jid } from "../xmpp/jid.ts";
import type { Clock } from "./clock.ts";
import type { Revocations } from "./revocations.ts";
import type { Secrets } from "./secrets.ts";
import type { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";

export type { ClientRow, ClientToken };

/** Something that has access to an account (XEP-0494 3.1). Times in milliseconds. */
export interface ClientAccess {
  readonly id: string;
  readonly software: string | null;
  readonly device: string | null;
  /** Mechanism and address of its last login. */
  readonly mechanism: string;
  readonly address: string;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Full JIDs of its sessions, those that wait for their client included. */
  readonly sessions: readonly string[];
  readonly knowsPassword: boolean;
  readonly hasToken: boolean;
}

/** Clients kept for one account: a new one takes the place of the one that logged in longest ago. */
const maxClients = 100;
/** How exactly the last login of a client is known. */
const noteEveryMs = 10 * 60 * 1000;
const nonceBytes = 18;

/** Mechanisms by which a client shows that it has the password. */
export function provesPassword(mechanism: string): boolean {
  return mechanism === "PLAIN" || mechanism.startsWith("SCRAM-");
}

/** The installations that accounts log in with, what they have in hand, and how it is taken away from them. */
export class LoginClients {
  readonly #store: Clients;
  readonly #revocations: Revocations;
  readonly #sessions: Sessions;
  readonly #clock: Clock;
  readonly #keys: { readonly id: Buffer; readonly resource: Buffer; readonly token: Buffer };

  constructor(parts: { store: Clients; revocations: Revocations; secrets: Secrets; sessions: Sessions; clock: Clock }) {
    this.#store = parts.store;
    this.#revocations = parts.revocations;
    this.#sessions = parts.sessions;
    this.#clock = parts.clock;
    const { secrets } = parts;
    this.#keys = {
      id: secrets.derive("client ids"),
      resource: secrets.derive("client resources"),
      token: secrets.derive("client tokens"),
    };
  }

  /** The client's name here. Its own id (XEP-0388 2.5) proves nothing, but is nobody else's business either. */
  idOf(user: Jid, agentId: string): string {
    return keyed(this.#keys.id, 12, user.bare, agentId);
  }

  /** What makes the resource of a client its own, the same at each login (XEP-0386 3.2.1). */
  resourceOf(user: Jid, clientId: string, tag: string): string {
    return keyed(this.#keys.resource, 9, user.bare, clientId, tag);
  }

  newToken(mechanism: string, lifetimeMs: number): Omit<ClientToken, "count"> {
    const issuedAt = this.#clock.now();
    const nonce = randomBytes(nonceBytes).toString("base64url");
    return { nonce, mechanism, issuedAt, expiresAt: issuedAt + lifetimeMs };
  }

  /** The token as the client has it, 256 bits: whoever reads the store without the key file cannot make it. */
  tokenText(user: Jid, clientId: string, { nonce, mechanism }: Omit<ClientToken, "count">): string {
    return keyed(this.#keys.token, 32, user.bare, clientId, mechanism, nonce);
  }

  find(user: Jid, clientId: string): Promise<ClientRow | null> {
    return this.#store.find(user.domain, user.local, clientId);
  }

  /**
   * As in the port. `before` is what was known of the client; a login that says nothing new costs no write. Whoever calls
   * checks afterwards that the account was not revoked meanwhile (revocations.ts), which is where a token may have gone.
   */
  login(
    user: Jid,
    login: Omit<ClientLogin, "host" | "local" | "at">,
    before: ClientRow | null,
  ): Promise<"noted" | "gone" | "replayed"> {
    const { domain: host, local } = user;
    const at = this.#clock.now();
    if (before !== null && saysNothingNew(login, before, at)) return Promise.resolve("noted");
    return this.#store.login({ host, local, at, ...login }, maxClients);
  }

  /** Everything with access to an account, the latest first. */
  async list(user: Jid): Promise<ClientAccess[]> {
    const now = this.#clock.now();
    const rows = await this.#store.of(user.domain, user.local);
    const sessions = this.#sessions.of(user.toBare());
    const known = rows.map((row) => {
      const own = sessions.filter(({ agent }) => agent?.id === row.id);
      return {
        ...row,
        lastAt: Math.max(row.lastAt, ...own.map((session) => session.lastActive)),
        sessions: own.map(({ jid }) => jid.full),
        hasToken: [row.current, row.fresh].some((token) => token !== null && token.expiresAt > now),
      };
    });
    const ids = new Set(rows.map(({ id }) => id));
    const others = sessions.filter(({ agent }) => agent === null || !ids.has(agent.id)).map(accessOf);
    const withAccess = known.filter((one) => one.sessions.length > 0 || one.hasToken || one.knowsPassword);
    return [...withAccess, ...others].toSorted((one, other) => other.lastAt - one.lastAt);
  }

  /**
   * Takes a client's tokens and ends its sessions. `password`: it is gone, and may come back, for it knows the password.
   */
  async revoke(user: Jid, id: string): Promise<"revoked" | "password" | "unknown"> {
    const access = (await this.list(user)).find((one) => one.id === id);
    if (access === undefined) return "unknown";
    // A login that is under way must not outlive this.
    this.#revocations.revoke(user);
    await this.#store.revoke(user.domain, user.local, id);
    for (const session of [...this.#sessions.of(user.toBare())]) {
      if ((session.agent?.id ?? session.id) === id)
        session.close(new StreamError("not-authorized", "The client's access was revoked."));
    }
    if (access.knowsPassword) return "password";
    await this.#store.remove(user.domain, user.local, id);
    return "revoked";
  }

  /** Forgets clients of a host that have not logged in since a time, at most `limit`; answers how many. */
  prune(host: string, before: number, limit: number): Promise<number> {
    return this.#store.prune(host, before, limit);
  }
}

/** A session whose client has not told an id, or is not known any more. */
function accessOf(session: Session): ClientAccess {
  return {
    id: session.agent?.id ?? session.id,
    software: session.agent?.software ?? null,
    device: session.agent?.device ?? null,
    mechanism: session.mechanism,
    address: session.link.address,
    firstAt: session.since,
    lastAt: session.lastActive,
    sessions: [session.jid.full],
    knowsPassword: provesPassword(session.mechanism),
    hasToken: false,
  };
}

/** The same client comes again, soon, from where it was, and no token changes. */
function saysNothingNew(login: Omit<ClientLogin, "host" | "local" | "at">, before: ClientRow, at: number): boolean {
  const { used } = login;
  const isToken = used === null || (used.count === null && used.nonce === before.current?.nonce);
  const isKnown = !login.isPassword || before.knowsPassword;
  const isRecent = at - before.lastAt < noteEveryMs && at >= before.lastAt;
  const isSame =
    login.software === before.software &&
    login.device === before.device &&
    login.mechanism === before.mechanism &&
    login.address === before.address;
  return isToken && isKnown && isRecent && isSame && login.issued === null && !login.isInvalidated;
}

function keyed(key: Buffer, bytes: number, ...parts: readonly string[]): string {
  return createHmac("sha256", key).update(parts.join("\0")).digest().subarray(0, bytes).toString("base64url");
}
