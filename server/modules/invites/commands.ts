import type { Command, CommandAnswer } from "../../core/command.ts";
import type { Core } from "../../core/core.ts";
import type { Packet } from "../../core/router.ts";
import { invitationsOf, type InviteDraft, type MadeInvite } from "../../features/invitations.ts";
import { formatDateTime } from "../../xmpp/datetime.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { buildForm, type FormValues, parseBoolean } from "../../xmpp/forms.ts";
import { Jid } from "../../xmpp/jid.ts";

const NS_INVITE = "urn:xmpp:invite";
const FORM_TYPE = `${NS_INVITE}#invitation`;

interface InviteOptions {
  readonly access_invite: string;
  readonly access_create_account: string;
  readonly may_register: boolean;
  readonly expire_seconds: number;
  readonly max_waiting: number;
}

/** XEP-0401 3.1: a link by which somebody becomes a contact, and gets an account here where they may. */
export function inviteCommand(core: Core, host: string, options: InviteOptions): Command {
  return {
    node: `${NS_INVITE}#invite`,
    name: "Invite somebody",
    mayRun: (packet) => isAllowed(core, host, options.access_invite, packet),
    async run(_stages, packet) {
      const inviter = packet.from.toBare();
      await keepWithin(core, host, options.max_waiting, packet);
      const { mode } = core.policy.registration(host);
      const registers = options.may_register && (mode === "invite" || mode === "open");
      return completed(await make(core, { kind: "contact", host, inviter, registers, ...common(options, inviter) }));
    },
  };
}

/** XEP-0401 3.5: a link that makes an account. */
export function accountCommand(core: Core, host: string, options: InviteOptions): Command {
  return {
    node: `${NS_INVITE}#create-account`,
    name: "Invite somebody to make an account",
    mayRun: (packet) => isAllowed(core, host, options.access_create_account, packet),
    async run(stages, packet) {
      if (core.policy.registration(host).mode === "closed")
        throw StanzaError.of("not-allowed", "This server does not let people make accounts.");
      const [values] = stages;
      if (values === undefined) return { kind: "form", form: accountForm(), isLast: true };
      await keepWithin(core, host, options.max_waiting, packet);
      const local = localOf(values, host);
      const user = packet.from.toBare();
      const inviter = parseBoolean(values.values.get("roster-subscription")?.[0]) === true ? user : null;
      const draft = { kind: "account", host, local, inviter, registers: true, ...common(options, user) } as const;
      return completed(await make(core, draft));
    },
  };
}

function common({ expire_seconds }: InviteOptions, user: Jid) {
  return { lifetimeMs: expire_seconds * 1000, createdBy: user.bare };
}

function isAllowed(core: Core, host: string, rule: string, { from, origin }: Packet): boolean {
  if (from.domain !== host || from.local === "") return false;
  return core.policy.allows(rule, { jid: from.toBare(), ip: origin.session?.link.address ?? null, host });
}

async function keepWithin(core: Core, host: string, maxWaiting: number, { from, origin }: Packet): Promise<void> {
  const user = from.toBare();
  const ip = origin.session?.link.address ?? null;
  if (core.policy.allows("configure", { jid: user, ip, host })) return;
  if ((await core.stores.invites.waitingOf(user.bare, core.clock.now())) >= maxWaiting)
    throw StanzaError.of("resource-constraint", `${maxWaiting} of your invites wait already.`);
}

function accountForm() {
  return buildForm(
    "form",
    [
      { var: "username", type: "text-single", label: "User name, or nothing to let them choose" },
      { var: "roster-subscription", type: "boolean", label: "Make them a contact of mine", values: ["1"] },
    ],
    { title: "Invite somebody to make an account" },
  );
}

function localOf({ values }: FormValues, host: string): string | null {
  const text = values.get("username")?.[0]?.trim() ?? "";
  if (text === "") return null;
  const jid = Jid.tryParse(`${text}@${host}`);
  if (jid === undefined || jid.domain !== host || jid.resource !== "")
    throw StanzaError.of("not-acceptable", "This name cannot be used.");
  return jid.local;
}

async function make(core: Core, draft: InviteDraft): Promise<MadeInvite> {
  const made = await invitationsOf(core).create(draft);
  if (made === "taken") throw StanzaError.of("conflict", "This name is taken.");
  if (made === "held") throw StanzaError.of("conflict", "Another invite keeps this name.");
  if (made === "no-account") throw StanzaError.of("item-not-found");
  return made;
}

// XEP-0401 3.1, 10.1.
function completed({ invite, links }: MadeInvite): CommandAnswer {
  const form = buildForm(
    "result",
    [
      { var: "uri", type: "text-single", label: "Invitation", values: [links.uri ?? ""] },
      ...(links.url === null
        ? []
        : [{ var: "landing-url", type: "text-single" as const, label: "Page of the invitation", values: [links.url] }]),
      { var: "expire", type: "text-single", label: "Valid until", values: [formatDateTime(invite.expiresAt)] },
    ],
    { formType: FORM_TYPE },
  );
  return { kind: "completed", form };
}
