import { timingSafeEqual } from "node:crypto";
import type { Core } from "../../../core/core.ts";
import { PerMinute } from "../../../core/per-minute.ts";
import type { Packet } from "../../../core/router.ts";
import type { DeviceRow } from "../../../storage/ports.ts";
import { type Element, el } from "../../../xmpp/element.ts";
import { StanzaError } from "../../../xmpp/errors.ts";
import { parseForm } from "../../../xmpp/forms.ts";
import { Jid } from "../../../xmpp/jid.ts";
import { NS } from "../../../xmpp/namespaces.ts";
import { Stanza } from "../../../xmpp/stanza.ts";
import { newEventId } from "../../event-id.ts";
import type { ForwardedMessage } from "../../plan/payload.ts";
import { renderFor } from "../../plan/render.ts";
import { hashOf } from "../device.ts";
import { pushNs, summaryForm } from "./payload.ts";

/** Of one node; devices are not rung more often than somebody could look at them. */
const maxPublishesPerMinute = 60;

/**
 * Takes notifications that servers publish to a node of the app server (XEP-0357 7) and makes an event for its device of each.
 * A publisher is a server or an account's server speaking for it, and shows the secret that the client passed on.
 */
export function publishHandler({ stores, policy, clock }: Pick<Core, "stores" | "policy" | "clock">) {
  const rate = new PerMinute(maxPublishesPerMinute);

  return async ({ stanza, from }: Packet): Promise<Element> => {
    // XEP-0357 3.2: not from other clients.
    if (from.resource !== "") throw StanzaError.of("forbidden");
    const pubsub = stanza.payload!;
    const publish = pubsub.child("publish");
    const node = publish?.attr("node");
    if (publish === undefined || node === undefined) throw StanzaError.of("bad-request");
    const device = await stores.devices.findNode(node);
    if (device === null || device.disabled !== null || !isProven(device, pubsub))
      throw StanzaError.of("item-not-found");
    const target = Object.hasOwn(policy.document.forward.targets, device.target)
      ? policy.document.forward.targets[device.target]
      : undefined;
    if (target === undefined || target.kind === "webhook" || target.kind !== device.kind)
      throw StanzaError.of("item-not-found");
    const now = clock.now();
    if (!rate.take(node, now)) throw StanzaError.of("resource-constraint");
    const message = messageOf(publish, device, from, now);
    const payload = renderFor(message, target);
    if (payload === null) throw StanzaError.of("not-acceptable");
    const { text, contentType, unreadAt } = payload;
    const count = unreadAt === undefined ? "" : countOf(publish);
    await stores.outbox.add([
      {
        id: message.id,
        target: device.target,
        rule: "",
        lane: device.user,
        host: device.host,
        user: device.user,
        from: message.from.full,
        type: "normal",
        class: message.class,
        cancelOn: "read",
        contentType,
        payload: unreadAt === undefined ? text : `${text.slice(0, unreadAt)}${count}${text.slice(unreadAt)}`,
        toDevices: true,
        onlyDevice: device.id,
        maxWaiting: target.maxWaiting,
        maxWaitingPerRecipient: target.maxWaitingPerRecipient,
        createdAt: now,
        dueAt: now,
        expiresAt: now + target.ttlSeconds * 1000,
        maxAttempts: target.maxAttempts,
      },
    ]);
    return el("pubsub", NS.pubsub, undefined, el("publish", NS.pubsub, { node }));
  };
}

// An unknown node and a wrong secret get the same answer.
function isProven({ secretHash }: DeviceRow, pubsub: Element): boolean {
  const form = pubsub.child("publish-options")?.child("x", NS.forms);
  const secret = form === undefined ? undefined : parseForm(form)?.values.get("secret")?.[0];
  if (secret === undefined || secretHash === null) return false;
  return timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(secretHash));
}

/** Values of the summary form; XEP-0357 shows it without a type, and servers send both `form` and `submit`. */
function summaryOf(publish: Element, name: string): string | undefined {
  const form = publish.child("item")?.child("notification", pushNs)?.child("x", NS.forms);
  const field = form?.elements("field") ?? [];
  const valueOf = (wanted: string): string | undefined =>
    field.find((one) => one.attr("var") === wanted)?.childText("value");
  return valueOf("FORM_TYPE") === summaryForm ? valueOf(name) : undefined;
}

function countOf(publish: Element): string {
  const count = summaryOf(publish, "message-count") ?? "";
  return /^\d{1,9}$/.test(count) ? count : "1";
}

/** The message that the publisher told of, as far as it told. */
function messageOf(publish: Element, device: DeviceRow, publisher: Jid, at: number): ForwardedMessage {
  const from = Jid.tryParse(summaryOf(publish, "last-message-sender") ?? "") ?? publisher;
  const user = Jid.parse(device.user);
  const body = summaryOf(publish, "last-message-body");
  const attrs = { type: "chat", from: from.full, to: user.bare };
  return {
    id: newEventId(),
    class: summaryOf(publish, "pending-subscription-count") === undefined ? "chat" : "subscription",
    stanza: Stanza.from(
      el("message", NS.client, attrs, body === undefined ? undefined : el("body", NS.client, undefined, body)),
    ),
    from,
    to: user,
    user,
    host: device.host,
    at,
  };
}
