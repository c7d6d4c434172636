import { randomBytes } from "node:crypto";
import type { contract } from "../../lib/contracts/index.ts";
import {
  maxRoleInviteSeconds,
  type Invite,
  type InviteDetail,
  type MadeInvite,
  type NewInvites,
} from "../../lib/contracts/invites.ts";
import type { Core } from "../core/core.ts";
import { type InviteDraft, invitationsOf, type InviteRow, type MadeInvite as Made } from "../features/invitations.ts";
import type { InviteUse } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { accountJid, hostName, requireHost } from "./address.ts";
import { guardAdmins } from "./admins.ts";
import type { Call } from "./call.ts";
import { AdminError, badInput, refused } from "./errors.ts";
import { makerOf, requireMayGive, requireMayJoin } from "./invite-rights.ts";
import type { Admin } from "./parts.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

const maxRedeemed = 1000;

export function invites({ core, events }: Admin): Verbs<typeof contract.invites> {
  const { stores, policy, clock } = core;
  const invitations = invitationsOf(core);

  const find = async (id: string, call: Call): Promise<InviteRow> => {
    const row = await stores.invites.find(id);
    if (row === null) throw refused("not-found", "invite-missing", { id });
    call.keepTo(row.host);
    if (call.audit !== null) call.note(objectOf(row), { id });
    return row;
  };

  const describe = ({ maker: _maker, ...row }: InviteRow): Invite => ({
    ...row,
    groups: [...row.groups],
    tags: [...row.tags],
    state: invitations.stateOf(row),
    createdAt: timestamp(row.createdAt),
    expiresAt: timestamp(row.expiresAt),
    openedAt: timestampOrNull(row.openedAt),
    revokedAt: timestampOrNull(row.revokedAt),
  });

  const told = ({ invite, token, links }: Made): MadeInvite => ({ ...describe(invite), token, ...links });

  return {
    async list({ host, kind, inviter, state, cursor, limit }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const page = await stores.invites.list({ hosts, kind, inviter, state, now: clock.now() }, { cursor, limit });
      return { ...page, items: page.items.map(describe) };
    },

    funnel: ({ host }, call) => stores.invites.funnel(call.hosts(host === undefined ? undefined : hostName(host))),

    async get({ id }, call) {
      const row = await find(id, call);
      const redeemed = await stores.invites.uses(row.id, maxRedeemed);
      return { ...describe(row), redeemed: redeemed.map(describeUse) };
    },

    async create(input, call) {
      const { host: text, kind, local: name, inviter: by, maxUses, expireSeconds, count, note } = input;
      const host = hostName(text);
      requireHost(core, host);
      const { mode } = policy.registration(host);
      if (kind === "account" && mode === "closed") throw badInput("host", "invites-off");
      const local = kind === "account" && name !== undefined ? localOf(name, host) : null;
      if (local !== null && (maxUses > 1 || count > 1)) throw badInput("local", "one-invite-per-name");
      const inviter = by === undefined ? null : await inviterOf(core, by, call);
      if (kind === "contact" && inviter?.domain !== host) throw badInput("inviter", "inviter-needed", { host });
      const gifts = await giftsOf(core, input, host, local, call);
      const draft = {
        kind,
        host,
        local,
        inviter,
        registers: kind === "account" || mode === "invite" || mode === "open",
        maxUses,
        lifetimeMs: expireSeconds * 1000,
        createdBy: call.author,
        note,
        ...gifts,
      };
      // Side by side they share a commit.
      const outcomes = await Promise.all(Array.from({ length: count }, () => invitations.create(draft)));
      const items = outcomes.map((outcome) => {
        if (outcome === "taken") throw refused("exists", "account-exists-there", { name: local!, host });
        if (outcome === "held") throw refused("exists", "name-invited", { name: local!, host });
        if (outcome === "no-account") throw new AdminError("not-found");
        return told(outcome);
      });
      call.note(objectOf(items[0]!), { ids: items.map(({ id }) => id) });
      events.publish("invites", null, call.author);
      return { items };
    },

    async resetPassword({ jid: text, expireSeconds }, call) {
      const jid = accountJid(core, text);
      guardAdmins(policy, jid, call);
      const made = await invitations.create({
        kind: "reset",
        host: jid.domain,
        local: jid.local,
        registers: false,
        lifetimeMs: expireSeconds * 1000,
        createdBy: call.author,
      });
      if (typeof made === "string") throw refused("not-found", "account-missing", { jid: jid.bare });
      call.note(jid.bare, { id: made.invite.id });
      events.publish("invites", null, call.author);
      return told(made);
    },

    async revoke({ id }, call) {
      const row = await find(id, call);
      if (!(await stores.invites.revoke(id, clock.now())))
        throw refused("conflict", "invite-over", { id, state: invitations.stateOf(row) });
      events.publish("invites", null, call.author);
      return { ok: true };
    },
  };
}

function describeUse({ at, withheld, ...use }: InviteUse): InviteDetail["redeemed"][number] {
  return { ...use, at: timestamp(at), withheld: withheld.map((one) => ({ ...one })) };
}

/**
 * What accounts get that are made with the invites, if whoever makes these may give it; nothing that nobody asks for. Throws
 * AdminError.
 */
async function giftsOf(
  core: Core,
  { kind, role, groups, tags, maxUses, expireSeconds }: NewInvites,
  host: string,
  local: string | null,
  call: Call,
): Promise<Pick<InviteDraft, "gifts">> {
  if (role === undefined && groups.length + tags.length === 0) return {};
  if (kind !== "account")
    throw badInput(role === undefined ? (groups.length > 0 ? "groups" : "tags") : "role", "gifts-for-accounts");
  const { grants } = call.caller;
  if (role !== undefined) {
    if (maxUses > 1) throw badInput("maxUses", "too-high", { most: 1 });
    if (expireSeconds > maxRoleInviteSeconds)
      throw badInput("expireSeconds", "too-high", { most: maxRoleInviteSeconds });
    // Of a name that nobody has, where any will do.
    requireMayGive(core, grants, role, Jid.of(local ?? `invited-${randomBytes(9).toString("hex")}`, host));
  }
  await requireMayJoin(core, grants, host, groups);
  const roleOn =
    role === undefined ? null : { name: role.name, host: role.host === undefined ? null : hostName(role.host) };
  return { gifts: { role: roleOn, groups: [...new Set(groups)], tags: [...new Set(tags)], maker: makerOf(call) } };
}

function objectOf({ local, host, inviter }: { local: string | null; host: string; inviter: string | null }): string {
  return local === null ? (inviter ?? host) : `${local}@${host}`;
}

function localOf(text: string, host: string): string {
  const jid = Jid.tryParse(`${text}@${host}`);
  if (jid === undefined || jid.domain !== host || jid.resource !== "") throw badInput("local", "no-user-name");
  return jid.local;
}

async function inviterOf(core: Core, text: string, call: Call): Promise<Jid> {
  const jid = accountJid(core, text);
  call.keepTo(jid.domain);
  if (await core.accounts.exists(jid)) return jid;
  throw refused("not-found", "account-missing", { jid: jid.bare });
}
