import type { IqAnswer } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { resultReply } from "../../xmpp/reply.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { configuration, configure, create, defaultConfiguration } from "./configuring.ts";
import { affiliates, ownAffiliations, setAffiliates, setSubscribers, subscribers } from "./managing.ts";
import { NS_OWNER } from "./names.ts";
import type { Nodes } from "./nodes.ts";
import { publish, purge, remove, retract } from "./publishing.ts";
import type { Realm } from "./realm.ts";
import { unsupported } from "./refusal.ts";
import { retrieve } from "./retrieval.ts";
import { ownSubscriptions, subscribe, unsubscribe } from "./subscribing.ts";

/** Answers an iq with `<pubsub/>`, of either namespace, for the nodes of `realm`. */
export async function answerPubsub(nodes: Nodes, realm: Realm, iq: Stanza, packet: Packet): Promise<IqAnswer> {
  const pubsub = iq.payload!;
  const [action] = pubsub.elements().filter(({ ns }) => ns === pubsub.ns);
  if (action === undefined) throw StanzaError.of("bad-request");
  if (pubsub.ns === NS_OWNER) return answerOwner(nodes, realm, iq.type ?? "", packet, action);
  const { from } = packet;
  switch (`${iq.type} ${action.name}`) {
    case "get items": {
      const text = await retrieve(nodes, realm, from, pubsub);
      packet.origin.answer(resultReply(iq).appendWritten("pubsub", NS.pubsub, text));
      return "answered";
    }
    case "get subscriptions":
      return inPubsub(await ownSubscriptions(nodes, realm, from, action));
    case "get affiliations":
      return inPubsub(await ownAffiliations(nodes, realm, from, action));
    case "set create":
      return inPubsub(await create(nodes, realm, from, pubsub));
    case "set publish":
      return inPubsub(await publish(nodes, realm, from, pubsub));
    case "set retract":
      await retract(nodes, realm, from, action);
      return null;
    case "set subscribe":
      if (pubsub.child("options") !== undefined) throw unsupported("subscription-options");
      return inPubsub(await subscribe(nodes, realm, from, action));
    case "set unsubscribe":
      return inPubsub(await unsubscribe(nodes, realm, from, action));
    case "get options":
    case "set options":
      throw unsupported("subscription-options");
    case "get default":
      throw unsupported("retrieve-default-sub");
    default:
      throw StanzaError.of("bad-request");
  }
}

async function answerOwner(
  nodes: Nodes,
  realm: Realm,
  type: string,
  { from }: Packet,
  action: Element,
): Promise<Element | null> {
  switch (`${type} ${action.name}`) {
    case "get configure":
      return inOwner(await configuration(nodes, realm, from, action));
    case "set configure":
      await configure(nodes, realm, from, action);
      return null;
    case "get default":
      return inOwner(defaultConfiguration(realm));
    case "set delete":
      await remove(nodes, realm, from, action);
      return null;
    case "set purge":
      await purge(nodes, realm, from, action);
      return null;
    case "get subscriptions":
      return inOwner(await subscribers(nodes, realm, from, action));
    case "set subscriptions":
      await setSubscribers(nodes, realm, from, action);
      return null;
    case "get affiliations":
      return inOwner(await affiliates(nodes, realm, from, action));
    case "set affiliations":
      await setAffiliates(nodes, realm, from, action);
      return null;
    default:
      throw StanzaError.of("bad-request");
  }
}

function inPubsub(answer: Element | null): Element | null {
  return answer === null ? null : el("pubsub", NS.pubsub, undefined, answer);
}

function inOwner(answer: Element): Element {
  return el("pubsub", NS_OWNER, undefined, answer);
}
