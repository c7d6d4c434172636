import { isIP } from "node:net";
import type { contract } from "../../lib/contracts/index.ts";
import type { ReplyTemplate } from "../../lib/contracts/registration-policy.ts";
import type { RegistrationApplication, RegistrationPass } from "../../lib/contracts/registration.ts";
import { replyIn } from "../../lib/contracts/reply-text.ts";
import { registrationPassesOf } from "../features/registration/passes.ts";
import { messageOfHost, replyTo } from "../features/registration/reply.ts";
import type { ApplicationRow, RegistrationPass as PassRow } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { accountJid, hostName, requireHost } from "./address.ts";
import type { Call } from "./call.ts";
import { badInput, refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

type ApplicationVerbs = Pick<
  Verbs<typeof contract.registration>,
  "applications" | "approve" | "deny" | "templates" | "passes" | "allowOnce" | "revokePass"
>;
interface Reply {
  readonly outcome: ReplyTemplate["outcome"];
  readonly text: string;
  /** Name of the template that is told in place of the text; "": none. */
  readonly template: string;
}
type Failure = { jid: string; code: "not-found" | "exists" };

const minuteMs = 60_000;

/** What an admin decides in person: applications for accounts, and exceptions for one name. */
export function applications({ core, events }: Admin): ApplicationVerbs {
  const { stores, accounts, clock } = core;
  const passes = registrationPassesOf(core);

  const reply = (host: string, outcome: ReplyTemplate["outcome"], name: string): ReplyTemplate["texts"] => {
    const { templates } = core.policy.registration(host);
    const found = templates.find((one) => one.name === name && one.outcome === outcome);
    if (found === undefined) throw badInput("template", "no-reply-template", { host });
    return found.texts;
  };

  /** Each by itself: what has gone meanwhile does not keep the others waiting. */
  const decide = async (
    names: readonly string[],
    call: Call,
    { outcome, text, template }: Reply,
    one: (jid: Jid, told: string) => Promise<Failure["code"] | null>,
  ): Promise<{ done: number; failed: Failure[] }> => {
    const jids = names.map((name) => accountJid(core, name));
    for (const { domain } of jids) call.keepTo(domain);
    // Before anything is decided: a host may have no such template.
    const textsOf =
      template === "" ? null : new Map(jids.map(({ domain }) => [domain, reply(domain, outcome, template)]));
    const failed: Failure[] = [];
    for (const jid of jids) {
      const language = (await stores.applications.find(jid.domain, jid.local))?.language ?? "";
      const texts = textsOf?.get(jid.domain);
      const code = await one(jid, replyTo(jid, texts === undefined ? text : replyIn(texts, language)));
      if (code !== null) failed.push({ jid: jid.bare, code });
    }
    const done = jids.length - failed.length;
    call.note(jids.length === 1 ? jids[0]!.bare : `${jids.length} accounts`, { done });
    events.publish("registration", null, call.author);
    return { done, failed };
  };

  return {
    async applications({ host, state, search, cursor, limit }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const page = await stores.applications.list({ hosts, state, search }, { cursor, limit });
      const total =
        state === "waiting" && search === undefined ? (await stores.applications.waiting(hosts)).count : null;
      return { ...page, total, items: page.items.map(describe) };
    },

    approve: ({ jids, text, template }, call) =>
      decide(jids, call, { outcome: "approve", text, template }, async (jid, told) => {
        const made = await stores.applications.approve(jid.domain, jid.local, clock.now());
        if (made === null) return "not-found";
        if (made === "taken") return "exists";
        await accounts.created(made, jid);
        if (told !== "") await core.router.send(messageOfHost(jid.domain, jid.bare, "", told));
        return null;
      }),

    deny: ({ jids, reason, template }, call) =>
      decide(jids, call, { outcome: "deny", text: reason, template }, async (jid, told) => {
        const denied = { at: clock.now(), by: call.author, reason: told };
        return (await stores.applications.deny(jid.domain, jid.local, denied)) ? null : "not-found";
      }),

    templates({ host }) {
      const name = hostName(host);
      requireHost(core, name);
      return { items: core.policy.registration(name).templates };
    },

    async passes({ host }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const rows = await stores.applications.passes();
      return { items: rows.filter((row) => hosts?.includes(row.host) ?? true).map(describePass) };
    },

    async allowOnce({ jid: text, address, minutes }, call) {
      const jid = accountJid(core, text);
      if (isIP(address) === 0) throw badInput("address", "no-ip-address");
      const pass = await passes.add(jid, address, call.author, minutes * minuteMs);
      if (pass === null) throw badInput("address", "no-ip-address");
      call.note(jid.bare, { network: pass.network });
      events.publish("registration", jid.domain, call.author);
      return describePass(pass);
    },

    async revokePass({ id }, call) {
      const pass = (await stores.applications.passes()).find((one) => one.id === id);
      if (pass === undefined) throw refused("not-found", "pass-gone", { id });
      call.keepTo(pass.host);
      await passes.remove(id);
      call.note(`${pass.local}@${pass.host}`, { network: pass.network });
      events.publish("registration", pass.host, call.author);
      return { ok: true };
    },
  };
}

function describe({ local, host, at, expiresAt, denied, ...rest }: ApplicationRow): RegistrationApplication {
  return {
    ...rest,
    jid: Jid.of(local, host).bare,
    host,
    at: timestamp(at),
    expiresAt: timestamp(expiresAt),
    denied: denied && { ...denied, at: timestamp(denied.at) },
  };
}

function describePass({ local, host, createdAt, expiresAt, ...rest }: PassRow): RegistrationPass {
  return {
    ...rest,
    jid: Jid.of(local, host).bare,
    host,
    createdAt: timestamp(createdAt),
    expiresAt: timestamp(expiresAt),
  };
}
