import { randomBytes } from "node:crypto";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { buildForm, parseBoolean, parseForm } from "../../xmpp/forms.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { decide } from "./managing.ts";
import { NS_AUTHORIZATION } from "./names.ts";
import type { Nodes } from "./nodes.ts";
import type { Realm } from "./realm.ts";

/** Asks an owner whether somebody may subscribe, XEP-0060 8.6. For nobody yet. */
export function authorizationRequest(from: string, node: string, subscriber: string, subid: string): Stanza {
  const form = buildForm(
    "form",
    [
      { var: "pubsub#subid", type: "hidden", values: [subid] },
      { var: "pubsub#node", type: "text-single", label: "Node", values: [node] },
      { var: "pubsub#subscriber_jid", type: "jid-single", label: "Address of the subscriber", values: [subscriber] },
      { var: "pubsub#allow", type: "boolean", label: "Allow this subscription?", values: ["false"] },
    ],
    { formType: NS_AUTHORIZATION, title: "Somebody wants to subscribe" },
  );
  const id = randomBytes(12).toString("base64url");
  return Stanza.from(el("message", NS.client, { from, id }, form));
}

/** Is this message an owner's answer to one? */
export function isAuthorization(message: Stanza): boolean {
  const form = message.child("x", NS.forms);
  const type = form?.elements("field").find((field) => field.attr("var") === "FORM_TYPE");
  return message.type !== "error" && form?.attr("type") !== "form" && type?.childText("value") === NS_AUTHORIZATION;
}

/** Takes the answer; a form that was cancelled leaves everything as it is. Throws StanzaError. */
export async function authorize(nodes: Nodes, realm: Realm, from: Jid, message: Stanza): Promise<void> {
  const x = message.child("x", NS.forms);
  const form = x === undefined ? undefined : parseForm(x);
  if (form?.type === "cancel") return;
  const value = (name: string): string | undefined => form?.values.get(`pubsub#${name}`)?.[0];
  const node = value("node");
  const jid = Jid.tryParse(value("subscriber_jid") ?? "");
  const isAllowed = parseBoolean(value("allow"));
  if (node === undefined || jid === undefined || isAllowed === undefined) throw StanzaError.of("bad-request");
  const subid = value("subid");
  await decide(nodes, realm, from, node, [{ subscriber: jid, state: isAllowed ? "subscribed" : "none" }], subid);
}
