import type { contract } from "../../lib/contracts/index.ts";
import type { StanzaFilter } from "../../lib/contracts/stanzas.ts";
import { Jid } from "../xmpp/jid.ts";
import { hostName, requireHost } from "./address.ts";
import type { Call } from "./call.ts";
import { badInput, refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { senderOf, sendWritten, writtenStanza } from "./send-stanza.ts";
import { viewOf } from "./stanza-view.ts";
import type { Verbs } from "./verbs.ts";

/** Looking at traffic: who may, for how long, and at what; the rows come by the live stream. And taking part in it. */
export function stanzas({ core, watches }: Admin): Verbs<typeof contract.stanzas> {
  const filterOf = ({ host, jid, ...filter }: StanzaFilter): StanzaFilter => {
    const address = jid === undefined ? undefined : Jid.tryParse(jid);
    if (jid !== undefined && address === undefined) throw badInput("jid", "no-address");
    const name = host === undefined ? undefined : hostName(host);
    if (name !== undefined) requireHost(core, name);
    return {
      ...filter,
      ...(name === undefined ? {} : { host: name }),
      ...(address === undefined ? {} : { jid: address.full }),
    };
  };

  // A watch is its owner's, who looked at the filter; another's is none of anybody's business.
  const requireOwn = (id: string, call: Call): void => {
    if (watches.ownerOf(id) !== call.author) throw refused("not-found", "watch-gone", { id });
  };

  return {
    watches: (_input, call) => ({
      items: watches.list().filter(({ by }) => call.hosts() === undefined || by === call.author),
    }),

    watch(asked, call) {
      const filter = filterOf(asked);
      const watch = watches.start(filter, call.hosts(filter.host), call.author);
      if (watch === null) throw refused("conflict", "too-many-watches");
      call.note(filter.jid ?? filter.host ?? "all hosts", { watch: watch.id });
      return watch;
    },

    reveal({ id }, call) {
      requireOwn(id, call);
      const watch = watches.list().find((one) => one.id === id)!;
      const { host, jid } = watch.filter;
      const of = host ?? (jid === undefined ? undefined : Jid.parse(jid).domain);
      if (!call.may("bodies:read", of))
        throw refused("forbidden", "needs-bodies-read", {}, { permission: "bodies:read" });
      call.note(jid ?? host ?? "all hosts", { watch: id });
      return watches.reveal(id)!;
    },

    stop({ id }, call) {
      requireOwn(id, call);
      watches.end(id);
      return { ok: true };
    },

    async send({ from: text, xml }, call) {
      const from = await senderOf(core, text);
      const stanza = writtenStanza(xml, from);
      call.note(from.full, { to: stanza.to, stanza: viewOf(stanza, false).xml });
      const answer = await sendWritten(core.router, from, stanza);
      return { xml: stanza.toString(), answer: answer?.toString() ?? null };
    },
  };
}
