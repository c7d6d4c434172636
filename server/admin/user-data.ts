import type { contract } from "../../lib/contracts/index.ts";
import { Jid } from "../xmpp/jid.ts";
import { accountJid } from "./address.ts";
import type { Call } from "./call.ts";
import { badInput, refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { timestamp } from "./timestamp.ts";
import { noAccount } from "./user-acts.ts";
import type { Verbs } from "./verbs.ts";

type DataVerbs = Pick<Verbs<typeof contract.users>, "setContact" | "removeContact" | "raw">;

/** What an account keeps on the server for its clients. */
export function userData({ core, events }: Admin): DataVerbs {
  const { accounts, hosts, stores } = core;

  const known = async (text: string): Promise<Jid> => {
    const jid = accountJid(core, text);
    if (!(await accounts.exists(jid))) throw noAccount(jid);
    return jid;
  };

  const correct = async (
    text: string,
    contactText: string,
    item: { name: string; groups: string[]; subscription: "none" | "to" | "from" | "both" } | null,
    call: Call,
  ): Promise<{ ok: true }> => {
    const user = await known(text);
    const contact = Jid.tryParse(contactText)?.toBare();
    if (contact === undefined || contact.bare === user.bare) throw badInput("contact", "no-contact-address");
    const outcome = await hosts.get(user.domain)?.hooks.fire("roster/corrected", { user, contact, item });
    if (outcome === undefined) throw refused("conflict", "roster-off");
    if (outcome === "unknown") throw refused("not-found", "no-such-contact", { contact: contact.bare, jid: user.bare });
    if (outcome === "full") throw refused("conflict", "roster-full", { jid: user.bare });
    call.note(user.bare, { contact: contact.bare });
    events.publish("users", user.bare, call.author);
    return { ok: true };
  };

  return {
    setContact: ({ jid, contact, name, subscription, groups }, call) =>
      correct(jid, contact, { name, subscription, groups }, call),

    removeContact: ({ jid, contact }, call) => correct(jid, contact, null, call),

    async raw({ jid: text }, call) {
      const { domain: host, local, bare } = await known(text);
      call.note(bare);
      const [vcard, privates, nodes, blocked] = await Promise.all([
        stores.personal.vcard(host, local),
        stores.personal.privates(host, local),
        stores.nodes.list({ host, local }),
        stores.personal.blocked(host, local),
      ]);
      return {
        vcard,
        privates: [...privates],
        nodes: nodes.map(({ node, items, bytes, createdAt, config }) => ({
          node,
          items,
          bytes,
          createdAt: timestamp(createdAt),
          config,
        })),
        blocked: [...blocked],
      };
    },
  };
}
