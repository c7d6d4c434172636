import type { Core } from "../../core/core.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { buildForm } from "../../xmpp/forms.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { readStored } from "../../xmpp/stored.ts";
import { NS_BLOCKING, NS_NODE_CONFIG, NS_PIE_SCRAM, NS_PRIVATE, NS_PUBSUB, NS_PUBSUB_OWNER } from "./names.ts";

const pageItems = 100;
const pageBytes = 1024 * 1024;

/** What an account has that is bounded: all but its messages. */
export async function accountText(core: Core, user: Jid): Promise<string> {
  const { domain: host, local } = user;
  const { personal, rosters } = core.stores;
  const [keys, roster, card, privates, blocked] = await Promise.all([
    core.accounts.keysOf(user),
    rosters.get(host, local),
    personal.vcard(host, local),
    personal.privates(host, local),
    personal.blocked(host, local),
  ]);
  const parts: (Element | string | null)[] = [
    ...Object.entries(keys ?? {}).map(([mechanism, { salt, iterations, storedKey, serverKey }]) =>
      el(
        "scram-credentials",
        NS_PIE_SCRAM,
        { mechanism },
        el("iter-count", NS_PIE_SCRAM, undefined, String(iterations)),
        el("salt", NS_PIE_SCRAM, undefined, salt),
        el("server-key", NS_PIE_SCRAM, undefined, serverKey),
        el("stored-key", NS_PIE_SCRAM, undefined, storedKey),
      ),
    ),
    roster.items.length === 0 ? null : rosterElement(roster),
    ...roster.requests.map(({ stanza }) => readStored(stanza)),
    readStored(card),
    privates.length === 0
      ? null
      : el("query", NS_PRIVATE, undefined, ...privates.flatMap((xml) => readStored(xml) ?? [])),
    blocked.length === 0
      ? null
      : el("blocklist", NS_BLOCKING, undefined, ...blocked.map((jid) => el("item", NS_BLOCKING, { jid }))),
    ...(await nodeElements(core, user)),
  ];
  return parts.map((part) => (part === null ? "" : `${String(part)}\n`)).join("");
}

function rosterElement({ version, items }: Awaited<ReturnType<Core["stores"]["rosters"]["get"]>>): Element {
  return el(
    "query",
    NS.roster,
    { ver: String(version) },
    ...items.map(({ jid, name, subscription, ask, approved, groups }) =>
      el(
        "item",
        NS.roster,
        {
          jid,
          name: name === "" ? undefined : name,
          subscription,
          ask: ask ? "subscribe" : undefined,
          approved: approved ? "true" : undefined,
        },
        ...groups.map((group) => el("group", NS.roster, undefined, group)),
      ),
    ),
  );
}

/** XEP-0227 4.9: what the nodes are, then what is in them. */
async function nodeElements({ stores, clock }: Core, user: Jid): Promise<Element[]> {
  const owner = { host: user.domain, local: user.local };
  const nodes = await stores.nodes.list(owner);
  if (nodes.length === 0) return [];
  const items: Element[] = [];
  for (const { node } of nodes) {
    const found: Element[] = [];
    let olderThan: string | undefined;
    for (;;) {
      const query = { now: clock.now(), limit: pageItems, maxBytes: pageBytes, olderThan };
      const page = await stores.nodes.items(owner, node, query);
      for (const { id, payload } of page?.items ?? [])
        found.push(el("item", NS_PUBSUB, { id }, readStored(payload) ?? undefined));
      olderThan = page?.items.at(-1)?.id;
      if (page?.isPartial !== true || olderThan === undefined) break;
    }
    // As they were published: the oldest first.
    items.push(el("items", NS_PUBSUB, { node }, ...found.toReversed()));
  }
  const configs = nodes.map(({ node, config }) => el("configure", NS_PUBSUB_OWNER, { node }, configForm(config)));
  return [el("pubsub", NS_PUBSUB_OWNER, undefined, ...configs), el("pubsub", NS_PUBSUB, undefined, ...items)];
}

/** Names of fields that are not made like the others (XEP-0060 16.4.4). */
const irregular: ReadonlyMap<string, string> = new Map([["itemReply", "itemreply"]]);

/** A node's stored configuration as the form that its owner would see. */
function configForm(stored: string): Element {
  const config: unknown = JSON.parse(stored);
  const entries = typeof config === "object" && config !== null ? Object.entries(config) : [];
  const fields = entries.flatMap(([key, value]) => {
    const values = [value].flat().filter((one) => one !== null && one !== "");
    const name = irregular.get(key) ?? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return values.length === 0 ? [] : [{ var: `pubsub#${name}`, values: values.map(String) }];
  });
  return buildForm("form", fields, { formType: NS_NODE_CONFIG });
}
