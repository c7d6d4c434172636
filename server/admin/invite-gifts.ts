import { randomBytes } from "node:crypto";
import type { Core } from "../core/core.ts";
import type { InviteRow, OwedGifts, WithheldGift } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { Call } from "./call.ts";
import type { Caller } from "./caller.ts";
import { AdminError, refused } from "./errors.ts";
import { onEveryHost } from "./every-host.ts";
import { toAdminError } from "./fault.ts";
import { makerNow, requireMayGive } from "./invite-rights.ts";
import type { Invoke } from "./invoke.ts";
import type { Admin } from "./parts.ts";
import { roleGrantPlace } from "./role-grant.ts";
import { membersOf } from "./role-members.ts";

/** How often what could not be given is tried again. */
const retryMs = 60_000;
const atOnce = 100;
/** Where it is done from, in the audit log. */
const place = "invite";

interface Gift extends Pick<WithheldGift, "what" | "name"> {
  /** Audit action of the verb that gives it. */
  readonly action: string;
  /** Throws an AdminError where the door would not refuse, and it may not be given all the same. */
  require?(maker: Caller): void;
  /** It was given already, and then the process ended. */
  isGiven?(): boolean;
  give(call: Call): Promise<unknown>;
}

/**
 * Gives accounts what the invites give that they were made with. The store owes it from the account's own transaction on, so a
 * crash in between loses nothing; giving it twice is giving it once. The right of whoever made the invite is asked for now, and
 * each gift goes through the door in their name, like a request of theirs. Returns what stops it.
 */
export function giveInvited(admin: Pick<Admin, "core" | "events">, invoke: Invoke): () => void {
  const { core } = admin;
  const log = core.log.for("invites");
  let running: Promise<void> = Promise.resolve();
  const giveAll = async (): Promise<void> => {
    for (const owed of await core.stores.invites.owed(atOnce)) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- roles are revisions, one after the other
        await give(admin, invoke, owed);
      } catch (error) {
        log.error("an invite's gifts could not be given", {
          invite: owed.invite.id,
          account: owed.jid,
          error: String(error),
        });
      }
    }
  };
  const run = (): Promise<void> => {
    running = running.then(giveAll).catch((error: unknown) => {
      log.error("what invites give could not be looked up", { error: String(error) });
    });
    return running;
  };
  const timer = setInterval(() => void run(), retryMs).unref();
  const stopListening = onEveryHost(core.hosts, ({ hooks }) => [
    hooks.add("admin", "account/created", async ({ via }) => {
      if (via === "in-band" || via === "web") await run();
      return undefined;
    }),
  ]);
  void run();
  return () => {
    clearInterval(timer);
    stopListening();
  };
}

/** Throws what may be over when it is tried again. */
async function give({ core, events }: Pick<Admin, "core" | "events">, invoke: Invoke, owed: OwedGifts): Promise<void> {
  const { invite, jid, at } = owed;
  const user = Jid.parse(jid);
  const account = await core.stores.accounts.find(user.domain, user.local);
  // Somebody else may have the name by now.
  const isThere = account?.createdAt === at;
  const facts = { invite: invite.id, madeBy: invite.createdBy, redeemedFrom: account?.createdFrom ?? null };
  const maker = isThere ? await makerOrWhyNot(core, owed) : refused("not-found", "account-missing", { jid });
  const withheld: WithheldGift[] = [];
  for (const gift of giftsOf(core, invoke, invite, jid)) {
    // oxlint-disable-next-line no-await-in-loop -- each is audited by itself
    const refusal = await outcomeOf(core, gift, maker, owed, facts);
    const { what, name } = gift;
    if (refusal !== null) withheld.push({ what, name, text: refusal.message, reason: refusal.data.reason ?? null });
  }
  await core.stores.invites.gave(invite.id, jid, at, withheld);
  events.publish("invites", invite.id, invite.createdBy);
}

/** Whoever made the invite, as they are now, or why it gives nothing. */
async function makerOrWhyNot(core: Core, { invite, at }: OwedGifts): Promise<Caller | AdminError> {
  // A client may have shown the token in time and registered later.
  if (at >= invite.expiresAt) return refused("conflict", "invite-over", { id: invite.id, state: "expired" });
  try {
    return await makerNow(core, invite);
  } catch (error) {
    return lasting(error);
  }
}

type Facts = Readonly<Record<string, string | null>>;

/** null: it was given. */
async function outcomeOf(
  core: Core,
  gift: Gift,
  maker: Caller | AdminError,
  owed: OwedGifts,
  facts: Facts,
): Promise<AdminError | null> {
  try {
    if (gift.isGiven?.() === true) return null;
    if (maker instanceof AdminError) throw maker;
    gift.require?.(maker);
  } catch (error) {
    const refusal = lasting(error);
    await auditRefusal(core, gift, owed, { ...facts, code: refusal.code, reason: refusal.message });
    return refusal;
  }
  try {
    await gift.give(callAs(maker, owed.invite, facts));
    return null;
  } catch (error) {
    return lasting(error);
  }
}

/** What the door never saw, and so does not tell. */
async function auditRefusal({ stores, clock }: Core, { action, name }: Gift, owed: OwedGifts, facts: Facts) {
  await stores.admin.audit({
    at: clock.now(),
    actor: owed.invite.createdBy,
    address: place,
    action,
    object: owed.jid,
    result: "refused",
    detail: JSON.stringify({ input: { name }, ...facts }),
    requestId: "",
    means: null,
  });
}

/** In the name of whoever made the invite: policy, audit log and viewers are told who answers for it. */
function callAs(caller: Caller, { host }: InviteRow, facts: Facts): Call {
  const requestId = randomBytes(9).toString("base64url");
  const call = new Call({ caller, address: place, userAgent: place, host, requestId, isFromConsole: false });
  call.note("", facts);
  return call;
}

function giftsOf(core: Core, invoke: Invoke, { host, role, groups, tags }: InviteRow, jid: string): Gift[] {
  const gifts: Gift[] = groups.map((name) => ({
    what: "group",
    name,
    action: "group.members",
    give: (call) => invoke(call, "groups", "changeMembers", { host, name, add: [jid] }),
  }));
  if (tags.length > 0)
    gifts.push({
      what: "tags",
      name: tags.join(" "),
      action: "user.set-tags",
      give: (call) => invoke(call, "users", "setTags", { jid, add: [...tags] }),
    });
  if (role !== null) gifts.push(roleGift(core, invoke, role, jid));
  return gifts;
}

function roleGift(core: Core, invoke: Invoke, role: NonNullable<InviteRow["role"]>, jid: string): Gift {
  const { name } = role;
  const scope = role.host === null ? {} : { host: role.host };
  return {
    what: "role",
    name,
    action: "role.grant",
    isGiven() {
      const { access, scope: host } = roleGrantPlace(core, name, scope.host);
      return membersOf(core.policy.document, access).some((one) => one.jid === jid && one.host === host);
    },
    require: ({ grants }) => requireMayGive(core, grants, role, Jid.parse(jid)),
    give: (call) => invoke(call, "roles", "grant", { name, jid, ...scope }),
  };
}

/** A refusal that stays one. Throws all else. */
function lasting(error: unknown): AdminError {
  const known = toAdminError(error);
  // Somebody else changed the policy at the same moment, over and over.
  const isRace = known.code === "conflict" && known.data.reason === undefined;
  if (isRace || known.code === "internal" || known.code === "unavailable") throw error;
  return known;
}
