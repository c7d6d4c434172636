import type { Core } from "../../core/core.ts";
import { withDelay } from "../../core/delay.ts";
import type { Host } from "../../core/host.ts";
import type { ModuleContext } from "../../core/module.ts";
import { untilConfirmed, untilRead } from "../../core/pace.ts";
import type { Packet } from "../../core/router.ts";
import type { Session } from "../../core/session.ts";
import { formatStanzaId, type MessageKey, parseStanzaId } from "../../core/stanza-id.ts";
import type { OfflineMessage } from "../../storage/ports.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { buildForm } from "../../xmpp/forms.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { storedStanza } from "./stored.ts";

const NS_OFFLINE = "http://jabber.org/protocol/offline";
const pageSize = 100;
/** Messages named in one request. */
const maxItems = 1000;

/**
 * Flexible retrieval (XEP-0013): a client lists what waits and takes or removes what it likes. From its first question on,
 * nothing that waits is sent to its account by itself, as long as the session lasts.
 */
export function serveFlexibly(ctx: ModuleContext<unknown>, begin: (session: Session) => void): void {
  const { core, host } = ctx;
  const { offline } = core.stores;
  ctx.feature(NS_OFFLINE, "both");

  ctx.hook("disco/node", async ({ packet, what, node }) => {
    if (node !== NS_OFFLINE || packet.to.local === "") return undefined;
    begin(ownSession(packet));
    if (what === "items") return headers(core, host, packet);
    const { messages } = await offline.depth(host.name, packet.to.local);
    return [
      el("identity", NS.discoInfo, { category: "automation", type: "message-list" }),
      el("feature", NS.discoInfo, { var: NS_OFFLINE }),
      buildForm("result", [{ var: "number_of_messages", values: [String(messages)] }], { formType: NS_OFFLINE }),
    ];
  });
  ctx.iq("account", "get", [NS_OFFLINE, "offline"], async (iq, packet) => {
    const session = ownSession(packet);
    const { local, bare } = packet.to;
    const request = iq.payload!;
    const give = async (stored: OfflineMessage): Promise<void> => {
      await untilRead(session, () => session.isClosed);
      const mark = el("offline", NS_OFFLINE, undefined, el("item", NS_OFFLINE, { node: formatStanzaId(stored.key) }));
      const stanza = storedStanza(stored, bare);
      session.sendNow(withDelay(stanza, host.name, stored.at).append(mark), stanza.toString());
    };
    if (request.child("fetch") === undefined) {
      const keys = named(request, "view");
      const found = await offline.pick(host.name, local, keys);
      if (found.length !== keys.length) throw StanzaError.of("item-not-found");
      for (const stored of found) await give(stored);
      return null;
    }
    begin(session);
    await eachWaiting(core, host.name, local, give, () => untilConfirmed(session));
    return null;
  });
  ctx.iq("account", "set", [NS_OFFLINE, "offline"], async (iq, packet) => {
    ownSession(packet);
    const { local } = packet.to;
    const request = iq.payload!;
    if (request.child("purge") !== undefined) {
      if (request.elements().length > 1) throw StanzaError.of("bad-request", "either all of them or some");
      await offline.acknowledge(host.name, local, Number.MAX_SAFE_INTEGER);
      return null;
    }
    const areGone = await offline.remove(host.name, local, named(request, "remove"));
    if (!areGone) throw StanzaError.of("item-not-found");
    return null;
  });
}

/** XEP-0013 2.3: who sent what, under which node. Nodes are in the order in which messages came. */
async function headers(core: Core, host: Host, { to }: Packet): Promise<Element[]> {
  const items: Element[] = [];
  await eachWaiting(core, host.name, to.local, ({ key, from }) => {
    items.push(el("item", NS.discoItems, { jid: to.bare, node: formatStanzaId(key), name: from }));
    return undefined;
  });
  return items;
}

async function eachWaiting(
  core: Core,
  host: string,
  local: string,
  take: (stored: OfflineMessage) => Promise<void> | undefined,
  afterPage?: () => Promise<void> | undefined,
): Promise<void> {
  let last = 0;
  for (let isMore = true; isMore;) {
    const page = await core.stores.offline.read(host, local, last, pageSize);
    isMore = page.length === pageSize;
    for (const stored of page) await take(stored);
    last = page.at(-1)?.id ?? last;
    if (isMore) await afterPage?.();
  }
}

function named(request: Element, action: string): MessageKey[] {
  const items = request.elements("item");
  if (items.length === 0) throw StanzaError.of("bad-request", "nothing is named");
  if (items.length > maxItems) throw StanzaError.of("policy-violation", `no more than ${maxItems} messages`);
  return items.map((item) => {
    if (item.attr("action") !== action) throw StanzaError.of("bad-request", `the action is ${action}`);
    const key = parseStanzaId(item.attr("node") ?? "");
    if (key === undefined) throw StanzaError.of("item-not-found");
    return key;
  });
}

function ownSession({ from, to, origin }: Packet): Session {
  if (from.bare !== to.bare || origin.session === null) throw StanzaError.of("forbidden");
  return origin.session;
}
