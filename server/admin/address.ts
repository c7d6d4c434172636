import type { Core } from "../core/core.ts";
import { own } from "../core/policy/engine.ts";
import { Jid } from "../xmpp/jid.ts";
import { badInput, refused } from "./errors.ts";

/** The prepared bare JID of an account; its host is served here. Throws `bad-input`, `not-found`. */
export function accountJid(core: Core, text: string): Jid {
  const jid = Jid.tryParse(text);
  if (jid === undefined || jid.local === "") throw badInput("jid", "no-account-address");
  requireHost(core, jid.domain);
  return jid.toBare();
}

/** The prepared name of a virtual host, served here or not. Throws `bad-input`. */
export function hostName(text: string): string {
  const jid = Jid.tryParse(text);
  if (jid === undefined || jid.local !== "" || jid.resource !== "") throw badInput("host", "no-domain-name");
  return jid.domain;
}

export function requireHost(core: Core, name: string): void {
  if (own(core.policy.document.hosts, name) === undefined) throw refused("not-found", "host-missing", { host: name });
}
