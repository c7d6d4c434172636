import { randomBytes } from "node:crypto";
import { StanzaError, StreamError } from "../xmpp/errors.ts";
import { type Jid, JidError } from "../xmpp/jid.ts";
import type { Core } from "./core.ts";
import type { Host } from "./host.ts";
import type { ClientAgent } from "./negotiation.ts";
import { Session, type StreamLink } from "./session.ts";

/**
 * What happens when a resource is taken (RFC 6120 7.7.2.2), in ejabberd's words: the old session is closed, the new one
 * is refused, or the new one gets another resource.
 */
export type ConflictRule = "closeold" | "closenew" | "setresource";

/**
 * Makes the session of a freshly authenticated stream and puts it on the list. The resource is prepared here (RFC 7622
 * 3.4); "" asks for a generated one. Throws StanzaError: bad-request, conflict, resource-constraint.
 */
export function bindSession(
  core: Core,
  stream: {
    readonly host: Host;
    readonly account: Jid;
    readonly mechanism: string;
    readonly agent?: ClientAgent | null;
    readonly link: StreamLink;
  },
  resource: string,
  rule: ConflictRule,
): Session {
  const { account, agent = null, host, link, mechanism } = stream;
  let jid = resource === "" ? account.withResource(freeResource()) : withPrepared(account, resource);
  const rival = core.sessions.find(jid);
  if (rival !== undefined) {
    if (rule === "closenew") throw StanzaError.of("conflict", "another session has this resource");
    if (rule === "setresource") jid = account.withResource(freeResource());
    else rival.close(new StreamError("conflict", "another session took the resource"));
  }
  // Sessions that nobody may ever come back to keep nobody out.
  const limit = core.policy.limit("max_user_sessions", { jid: account, ip: link.address, host: host.name });
  const others = core.sessions.of(account);
  if (others.length >= limit) others.find((other) => other.detachedAt !== null)?.close();
  if (core.sessions.of(account).length >= limit) {
    throw StanzaError.of("resource-constraint", `no more than ${limit} sessions at a time`);
  }
  const now = core.clock.now();
  const session = new Session({ jid, host, link, mechanism, agent, now, accept: core.router.fromSession });
  core.sessions.add(session);
  return session;
}

function freeResource(): string {
  return randomBytes(12).toString("base64url");
}

function withPrepared(account: Jid, resource: string): Jid {
  try {
    return account.withResource(resource);
  } catch (error) {
    if (error instanceof JidError) throw StanzaError.of("bad-request", "not a resource");
    throw error;
  }
}
