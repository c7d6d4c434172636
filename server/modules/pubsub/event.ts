import { randomBytes } from "node:crypto";
import { formatDateTime } from "../../xmpp/datetime.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { escapeAttribute } from "../../xmpp/escape.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import type { NodeConfig } from "./config.ts";
import { NS_EVENT } from "./names.ts";

const NS_ADDRESS = "http://jabber.org/protocol/address";

/** An item as it is shown. */
interface ShownItem {
  readonly id: string;
  /** XML that stands for itself; "": none. */
  readonly payload: string;
  /** Full JID. */
  readonly publisher: string;
}

/** What subscribers are told of (XEP-0060 7, 8). */
export type PubsubEvent =
  | { readonly kind: "published"; readonly items: readonly ShownItem[] }
  | { readonly kind: "retracted"; readonly ids: readonly string[] }
  | { readonly kind: "purged" | "deleted" }
  | { readonly kind: "configured"; readonly form: Element | null }
  | { readonly kind: "subscription"; readonly jid: string; readonly state: "none" | "pending" | "subscribed" };

function content(node: string, config: NodeConfig, event: PubsubEvent): string {
  const of = `node='${escapeAttribute(node)}'`;
  switch (event.kind) {
    case "published":
      return `<items ${of}>${event.items.map((item) => itemText(item, config)).join("")}</items>`;
    case "retracted":
      return `<items ${of}>${event.ids.map((id) => `<retract id='${escapeAttribute(id)}'/>`).join("")}</items>`;
    case "purged":
      return `<purge ${of}/>`;
    case "deleted":
      return `<delete ${of}/>`;
    case "configured":
      return event.form === null
        ? `<configuration ${of}/>`
        : `<configuration ${of}>${String(event.form)}</configuration>`;
    default:
      return `<subscription ${of} jid='${escapeAttribute(event.jid)}' subscription='${event.state}'/>`;
  }
}

/** `<item/>` with its payload, and with who put it there where the node says that (XEP-0060 7.1.2.3, 12.18). */
export function itemText({ id, payload, publisher }: ShownItem, { itemReply }: NodeConfig): string {
  // The account: with which device is nobody's business.
  const by = itemReply === "publisher" ? ` publisher='${escapeAttribute(Jid.parse(publisher).bare)}'` : "";
  const start = `<item id='${escapeAttribute(id)}'${by}`;
  return payload === "" ? `${start}/>` : `${start}>${payload}</item>`;
}

/**
 * The notification, for nobody yet. It is written once: `with({ to })` shares its content. `at`: since when the item has been
 * there, for one that comes late (XEP-0203).
 */
export function notification(
  from: string,
  node: string,
  config: NodeConfig,
  event: PubsubEvent,
  extra: { readonly at?: number | null; readonly replyTo?: string | null } = {},
): Stanza {
  const { at = null, replyTo = null } = extra;
  const shown: PubsubEvent =
    event.kind === "published" && !config.deliverPayloads
      ? { kind: "published", items: event.items.map((item) => ({ ...item, payload: "" })) }
      : event;
  const id = randomBytes(12).toString("base64url");
  const type = config.notificationType === "headline" ? "headline" : undefined;
  const message = Stanza.from(el("message", NS.client, { from, type, id })).appendWritten(
    "event",
    NS_EVENT,
    `<event xmlns='${NS_EVENT}'>${content(node, config, shown)}</event>`,
  );
  const more: Element[] = [];
  if (replyTo !== null) {
    // XEP-0033 4.2.5.
    more.push(el("addresses", NS_ADDRESS, undefined, el("address", NS_ADDRESS, { type: "replyto", jid: replyTo })));
  }
  if (at !== null) more.push(el("delay", NS.delay, { from, stamp: formatDateTime(at) }));
  return more.length === 0 ? message : message.append(...more);
}
