import { randomBytes } from "node:crypto";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { parseForm } from "../../xmpp/forms.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { requireOwner } from "./access.ts";
import { configForm, readConfigForm } from "./config-form.ts";
import { changedConfig, itemLimit, newConfig, type NodeConfig, writeConfig } from "./config.ts";
import { NS_NODE_CONFIG, NS_OWNER } from "./names.ts";
import { checkedName, inTurn, nodeName, type Nodes, visit } from "./nodes.ts";
import type { Realm } from "./realm.ts";
import { tooManyNodes } from "./refusal.ts";

/** `<create/>` with its `<configure/>`, XEP-0060 8.1. Answers with the name if the service has made it up (8.1.2). */
export async function create(nodes: Nodes, realm: Realm, jid: Jid, pubsub: Element): Promise<Element | null> {
  if (!realm.mayCreate(jid)) throw StanzaError.of("forbidden");
  const given = pubsub.child("create")?.attr("node") ?? "";
  const node = given === "" ? randomBytes(12).toString("base64url") : checkedName(given);
  const changes = submitted(pubsub.child("configure"));
  const config = newConfig(node, changes ?? {}, realm.rules);
  const row = { config: writeConfig(config), createdAt: nodes.clock.now(), creator: jid.bare };
  const outcome = await inTurn(nodes, realm, () => nodes.stores.nodes.create(realm.owner, node, row, realm.limits));
  if (outcome === "exists") throw StanzaError.of("conflict");
  if (outcome !== "created") throw tooManyNodes(outcome);
  return given === "" ? el("create", NS.pubsub, { node }) : null;
}

/** Asks for the configuration form, XEP-0060 8.2.1. */
export async function configuration(nodes: Nodes, realm: Realm, jid: Jid, request: Element): Promise<Element> {
  const node = nodeName(request);
  const found = await visit(nodes, realm, node, jid);
  requireOwner(found);
  return el("configure", NS_OWNER, { node }, configForm(found.config, realm.rules, "form"));
}

/** `<configure/>` with a form, XEP-0060 8.2.4. */
export async function configure(nodes: Nodes, realm: Realm, jid: Jid, request: Element): Promise<void> {
  const node = nodeName(request);
  await inTurn(nodes, realm, async () => {
    const found = await visit(nodes, realm, node, jid);
    requireOwner(found);
    const changes = submitted(request);
    if (changes === null) return;
    const config = changedConfig(found.config, changes, realm.rules);
    await nodes.stores.nodes.configure(realm.owner, node, writeConfig(config), itemLimit(config, realm.rules));
    if (!config.notifyConfig) return;
    const form = config.deliverPayloads ? configForm(config, realm.rules, "result") : null;
    await realm.announce({ node, config, event: { kind: "configured", form }, publisher: null });
  });
}

/** XEP-0060 8.3. */
export function defaultConfiguration(realm: Realm): Element {
  return el("default", NS_OWNER, undefined, configForm(realm.rules.defaults, realm.rules, "form"));
}

/** The fields of a submitted form; null: it was cancelled. No form at all changes nothing. */
function submitted(configureElement: Element | undefined): Partial<NodeConfig> | null {
  const x = configureElement?.child("x", NS.forms);
  if (x === undefined) return {};
  const form = parseForm(x);
  if (form?.type === "cancel") return null;
  if (form === undefined || form.type !== "submit") throw StanzaError.of("bad-request", "the form was not submitted");
  if (form.formType !== undefined && form.formType !== NS_NODE_CONFIG) {
    throw StanzaError.of("bad-request", "the form is none of a node's configuration");
  }
  return readConfigForm(form);
}
