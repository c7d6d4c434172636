import type { Policy } from "../../../lib/contracts/policy.ts";
import type { RegistrationPolicy } from "../../../lib/contracts/registration-policy.ts";
import type { RegistrationVerdict } from "../../../lib/contracts/registration.ts";
import type { Core } from "../../core/core.ts";
import { preparePassword } from "../../core/credentials.ts";
import { isLoopback, Network, parseAddress } from "../../core/network.ts";
import { own } from "../../core/policy/engine.ts";
import { Jid, JidError } from "../../xmpp/jid.ts";
import { lookalike } from "../../xmpp/lookalike.ts";
import { registrationPassesOf } from "./passes.ts";
import { mixesScripts, passwordBits } from "./words.ts";

export type { RegistrationPolicy, RegistrationVerdict };

/** Somebody wants an account. */
export interface RegistrationAttempt {
  readonly host: string;
  readonly address: string;
  readonly isSecure: boolean;
  /** The name as it was given; "" asks whether any name at all could be registered. */
  readonly local: string;
  /** undefined: not looked at. */
  readonly password?: string | undefined;
  /** What it is invited by; stands in for the access rule and the throttle. */
  readonly invite?: RegistrationInvite | null | undefined;
}

/** An invite that can be redeemed to make an account. */
export interface RegistrationInvite {
  readonly id: string;
  /** The name it is for; null: any. */
  readonly local: string | null;
  /** Bare JID that becomes a contact of the new account. */
  readonly inviter: string | null;
}

/** An admin lets this one registration through. */
export interface RegistrationPermit {
  readonly id: string;
  readonly by: string;
}

/** Stands for whichever invite somebody may still show. */
export const anyInvite: RegistrationInvite = { id: "", local: null, inviter: null };

/** What has to be known to decide about an attempt. */
export interface RegistrationFacts {
  readonly policy: RegistrationPolicy;
  /** null: there is no such host. */
  readonly isHostEnabled: boolean | null;
  /** The access rule on the JID asked for, or on nobody in particular where `jid` is null. */
  access(rule: string, jid: Jid | null): { readonly allowed: boolean; readonly text: string };
  /** The policy makes an admin of whoever has this account, whether it exists yet or not. */
  isAdmin(jid: Jid): boolean;
  /** When the network of the address last registered; null: never. Milliseconds since the epoch. */
  readonly lastAt: number | null;
  readonly isTaken: boolean;
  /** The invite that keeps the name for whoever redeems it; left out: none. */
  readonly heldBy?: string | null;
  /** Stands in for mode, networks, access rule, reserved names and throttle; left out: none. */
  readonly permit?: RegistrationPermit | null;
  /** Applications that wait on the host; left out: nobody has counted. */
  readonly waiting?: number;
  readonly now: number;
}

type Code = RegistrationVerdict["code"];

const refuse = (code: Code, line: string, retryAfterSeconds: number | null = null): RegistrationVerdict => ({
  allowed: false,
  code,
  line,
  retryAfterSeconds,
});

/**
 * The decision about a registration, without any I/O: what the server obeys and the tester shows. Asked in this order, and
 * the first no is the answer: host, mode, encryption, networks, access rule, name, password, throttle, name taken, room for
 * another application. With an invite neither the access rule nor the throttle is asked, and nobody has to approve; blocked
 * networks stay blocked.
 */
export function decide(attempt: RegistrationAttempt, facts: RegistrationFacts): RegistrationVerdict {
  const { policy } = facts;
  const invite = attempt.invite ?? null;
  const { permit = null } = facts;
  if (facts.isHostEnabled === null) return refuse("host-disabled", `${attempt.host} is not a host of this server`);
  if (!facts.isHostEnabled) return refuse("host-disabled", `hosts: ${attempt.host} is switched off`);
  if (policy.mode === "closed" && permit === null) return refuse("closed", "mode: closed");
  if (policy.mode === "invite" && invite === null && permit === null) return refuse("needs-invite", "mode: invite");
  // What never leaves this machine needs no encryption.
  if (policy.requireTls && !attempt.isSecure && !isLoopback(attempt.address))
    return refuse("needs-tls", "requireTls: the stream is not encrypted");
  const network = decideNetwork(policy, attempt.address);
  if (network.action === "deny" && permit === null) return refuse("network", network.line);
  const name = attempt.local === "" ? null : decideName(attempt.local, attempt.host);
  let decidedBy = network.line;
  if (permit !== null) decidedBy = `allowed once by ${permit.by}`;
  else if (invite !== null) {
    decidedBy = `invite ${invite.id}`.trimEnd();
    if (name?.jid != null && invite.local !== null && name.jid.local !== invite.local)
      return refuse("reserved-name", `invite ${invite.id} is for ${invite.local}`);
  } else if (policy.mode === "access") {
    const access = facts.access(policy.accessRule, name?.jid ?? null);
    if (!access.allowed) return refuse("access-rule", access.text);
    decidedBy = access.text;
  }
  const refusal =
    (name === null ? null : (name.refusal ?? decideReserved(name.jid!, facts, invite, permit))) ??
    (attempt.password === undefined ? null : decidePassword(attempt.password, name?.jid?.local ?? "", policy));
  if (refusal !== null) return refusal;
  const waitSeconds = invite === null && permit === null ? throttleSeconds(policy, facts.lastAt, facts.now) : 0;
  if (waitSeconds > 0) {
    const line = `timeout: ${policy.timeout} s for ${throttleNetwork(policy, attempt.address) ?? attempt.address}`;
    return refuse("rate-limited", line, waitSeconds);
  }
  if (facts.isTaken) return refuse("exists", "the name is taken");
  const { heldBy = null } = facts;
  if (heldBy !== null && heldBy !== invite?.id) return refuse("reserved-name", `invite ${heldBy} keeps the name`);
  const line = decidedBy;
  if (policy.mode !== "approval" || invite !== null || permit !== null)
    return { allowed: true, code: "allowed", line, retryAfterSeconds: null };
  if ((facts.waiting ?? 0) >= policy.approvalLimit)
    return refuse("queue-full", `approvalLimit: ${policy.approvalLimit} applications wait`);
  return { allowed: true, code: "waiting", line: `mode: approval, ${line}`, retryAfterSeconds: null };
}

/** The first line with the address decides, then the default of its family. What is no address is denied. */
function decideNetwork(policy: RegistrationPolicy, text: string): { action: "allow" | "deny"; line: string } {
  const address = parseAddress(text);
  if (address === null) return { action: "deny", line: `${text} is not an IP address` };
  for (const [index, { action, cidr }] of policy.networks.entries()) {
    if (Network.parse(cidr)?.has(address) === true) return { action, line: `networks[${index}]: ${action} ${cidr}` };
  }
  return address.family === 4
    ? { action: policy.defaultIpv4, line: `defaultIpv4: ${policy.defaultIpv4}` }
    : { action: policy.defaultIpv6, line: `defaultIpv6: ${policy.defaultIpv6}` };
}

function decideName(local: string, host: string): { jid: Jid | null; refusal: RegistrationVerdict | null } {
  try {
    const jid = Jid.of(local, host);
    const isMixed = mixesScripts(jid.local);
    return { jid, refusal: isMixed ? refuse("bad-name", "the name mixes letters that look alike") : null };
  } catch (error) {
    if (error instanceof JidError)
      return { jid: null, refusal: refuse("bad-name", "the name cannot be used in a JID") };
    throw error;
  }
}

function decideReserved(
  jid: Jid,
  facts: RegistrationFacts,
  invite: RegistrationInvite | null,
  permit: RegistrationPermit | null,
): RegistrationVerdict | null {
  const { local } = jid;
  const drawn = lookalike(local);
  // Whoever made an invite for this very name, or let it through, may have wanted just that.
  const isWanted = invite?.local === local || permit !== null;
  const reservedNames = isWanted ? [] : facts.policy.reservedNames;
  for (const reserved of reservedNames) {
    const name = reserved.toLowerCase();
    if (local === name) return refuse("reserved-name", `reservedNames: ${reserved}`);
    if (drawn === lookalike(name)) return refuse("reserved-name", `reservedNames: looks like ${reserved}`);
  }
  // Else the first to come would get the rights that somebody was given before making the account.
  return facts.isAdmin(jid) ? refuse("reserved-name", "the access rule configure makes this account an admin") : null;
}

/** Says which rule a new password breaks, without the password; null: none. */
export function decidePassword(
  password: string,
  local: string,
  policy: RegistrationPolicy,
): RegistrationVerdict | null {
  const prepared = preparePassword(password);
  if (prepared === undefined) return refuse("weak-password", "the password cannot be used");
  if (Array.from(prepared).length < policy.passwordMinLength)
    return refuse("weak-password", `passwordMinLength: ${policy.passwordMinLength}`);
  if (local !== "" && prepared.toLowerCase() === local) return refuse("weak-password", "the password is the name");
  if (passwordBits(prepared) < policy.passwordStrength)
    return refuse("weak-password", `passwordStrength: ${policy.passwordStrength}`);
  return null;
}

/** The block of addresses that one registration counts for, as CIDR; null when there is no throttle, or no address. */
export function throttleNetwork(policy: RegistrationPolicy, text: string): string | null {
  const address = parseAddress(text);
  if (address === null || policy.timeout === "infinity" || policy.timeout === 0) return null;
  return Network.around(address, address.family === 4 ? policy.ipv4Prefix : policy.ipv6Prefix).text;
}

/** Seconds until the next registration from a network that last made one at `lastAt`; 0: now. */
function throttleSeconds(policy: RegistrationPolicy, lastAt: number | null, now: number): number {
  if (policy.timeout === "infinity" || lastAt === null) return 0;
  return Math.max(0, Math.ceil((lastAt + policy.timeout * 1000 - now) / 1000));
}

/** How long a registration can still count against its network, by any policy of the document. */
export function longestTimeoutMs({ registration, hosts }: Policy): number {
  const policies = [registration, ...Object.values(hosts).flatMap((host) => host.registration ?? [])];
  return Math.max(...policies.map(({ timeout }) => (timeout === "infinity" ? 0 : timeout * 1000)));
}

/** The facts that need no store. */
export function policyFacts(
  core: Core,
  attempt: RegistrationAttempt,
  draft?: RegistrationPolicy,
): Omit<RegistrationFacts, "lastAt" | "isTaken" | "heldBy" | "waiting"> {
  const { host, address } = attempt;
  const settings = own(core.policy.document.hosts, host);
  return {
    policy: draft ?? core.policy.registration(host),
    isHostEnabled: settings === undefined ? null : settings.enabled && settings.drainUntil === null,
    access(rule, jid) {
      const subject = { jid, ip: address, host };
      if (jid !== null) return core.policy.explain(rule, subject);
      const allowed = core.policy.mayAllow(rule, subject);
      return { allowed, text: allowed ? `${rule} may allow it` : `${rule} allows nobody from ${address}` };
    },
    isAdmin: (jid) => core.policy.isAdminSomewhere(jid),
    permit: registrationPassesOf(core).permitFor(attempt),
    now: core.clock.now(),
  };
}

/** Would this be allowed now, by the policy in force or by a draft of it? Changes nothing. */
export async function decideRegistration(
  core: Core,
  attempt: RegistrationAttempt,
  draft?: RegistrationPolicy,
): Promise<RegistrationVerdict> {
  await registrationPassesOf(core).recall();
  const facts = policyFacts(core, attempt, draft);
  const { registrations, invites, applications } = core.stores;
  const network = throttleNetwork(facts.policy, attempt.address);
  const jid = attempt.local === "" ? null : decideName(attempt.local, attempt.host).jid;
  const [lastAt, isThere, applicant, heldBy, waiting] = await Promise.all([
    network === null ? null : registrations.lastFrom(network),
    jid === null ? false : core.accounts.exists(jid),
    jid === null ? null : applications.find(jid.domain, jid.local),
    jid === null ? null : invites.holderOf(jid.domain, jid.local, facts.now),
    facts.policy.mode === "approval" ? applications.waiting([attempt.host]) : null,
  ]);
  const isTaken = isThere || applicant?.denied === null;
  return decide(attempt, { ...facts, lastAt, isTaken, heldBy, waiting: waiting?.count ?? 0 });
}
