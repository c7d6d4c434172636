import { describe, expect, test } from "vitest";
import { ForwardTarget, WebhookPreset } from "../../lib/contracts/forward-target.ts";
import { Jid } from "../xmpp/jid.ts";
import { Stanza } from "../xmpp/stanza.ts";
import type { ForwardedMessage } from "./plan/payload.ts";
import { renderFor } from "./plan/render.ts";
import { checkTemplate } from "./templates/check.ts";

const canary = "canary-7f3a";
const user = Jid.parse("juliet@example.org");
const url = "https://example.org/hook";

function messageOf(content: string, kind: ForwardedMessage["class"] = "chat"): ForwardedMessage {
  const text = `<body>${canary} &amp; more</body><subject>${canary}</subject>`;
  const stanza = Stanza.parse(`<message type='chat' id='m1'>${text}${content}</message>`);
  const from = Jid.parse("romeo@example.net/orchard");
  return { id: "evt_1", class: kind, stanza, from, to: user, user, host: user.domain, at: 0 };
}

const plain = messageOf("");
const encrypted: readonly (readonly [string, string])[] = [
  ["OMEMO", "<encrypted xmlns='eu.siacs.conversations.axolotl'><payload>x</payload></encrypted>"],
  ["OMEMO 2", "<encrypted xmlns='urn:xmpp:omemo:2'><payload>x</payload></encrypted>"],
  ["OpenPGP", "<openpgp xmlns='urn:xmpp:openpgp:0'>x</openpgp>"],
  ["PGP", "<x xmlns='jabber:x:encrypted'>x</x>"],
  ["anything that says so", "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:otr:0'/>"],
];

const nosy =
  "{{ message | json }}{{ message.body }}{{ message.subject }}{{ message.body | form }}{% assign b = message.body %}{{ b }}" +
  "{{ message.body | default: message.subject }}{{ call | json }}{{ class }}{{ unread }}";
const webhooks = WebhookPreset.options.map((preset) => ({ url, preset, template: nosy, templateType: "text/plain" }));
const contents = ["full", "preview", "sender", "none"] as const;
const phones = contents.flatMap((content) => [
  { kind: "apns", key: "x", keyId: "ABCDEFGHIJ", teamId: "KLMNOPQRST", topic: "org.example", content },
  { kind: "fcm", serviceAccount: "x", content },
  { kind: "fcm", serviceAccount: "x", mode: "notification", content },
  { kind: "webpush", contact: "mailto:a@example.org", content },
]);
const appServers = (["none", "static", "full"] as const).map((body) => ({
  kind: "xep0357",
  body,
  includeSender: true,
}));
const everywhere = [...webhooks, ...phones, ...appServers].map((settings) => ForwardTarget.parse(settings));
const bytes = (message: ForwardedMessage, target: ForwardTarget): string => renderFor(message, target)?.text ?? "";

describe.each(encrypted)("%s", (_name, content) => {
  test("gives its notice to nobody", () => {
    for (const kind of ["chat", "groupchat", "mention", "call"] as const)
      for (const target of everywhere) expect(bytes(messageOf(content, kind), target)).not.toContain(canary);
  });
});

test("a confidential web server gets no body and no subject", () => {
  for (const settings of webhooks) {
    const target = ForwardTarget.parse({ ...settings, confidential: true });
    for (const kind of ["chat", "normal", "groupchat", "call"] as const)
      expect(bytes({ ...plain, class: kind }, target)).not.toContain(canary);
  }
});

test("a phone gets it only where the target says so", () => {
  for (const target of [...phones, ...appServers].map((settings) => ForwardTarget.parse(settings))) {
    const isTold =
      target.kind === "xep0357" ? target.body === "full" : "content" in target && /full|preview/.test(target.content);
    expect(bytes(plain, target).includes(canary), JSON.stringify(target)).toBe(isTold);
  }
});

test("the canary is seen where it may be", () => {
  for (const settings of webhooks) expect(bytes(plain, ForwardTarget.parse(settings))).toContain(canary);
  const [target] = webhooks.filter(({ preset }) => preset === "template");
  const parsed = ForwardTarget.parse(target);
  expect(parsed.kind === "webhook" ? checkTemplate(parsed) : "").toBeNull();
});
