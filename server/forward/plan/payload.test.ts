import { describe, expect, test } from "vitest";
import type { WebhookPreset, WebhookTarget } from "../../../lib/contracts/forward-target.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { renderPayload, type Payload } from "./payload.ts";

const from = Jid.parse("romeo@example.net/orchard");
const to = Jid.parse("juliet@example.org/balcony");
const encryption = "<encrypted xmlns='urn:xmpp:omemo:2'/>";

/** What an operator writes has no golden bytes; see templates/template.test.ts. */
type Preset = Exclude<WebhookPreset, "template">;

function rendered(preset: Preset, content: string, more: Partial<WebhookTarget> = {}): Payload | null {
  const xml = `<message type='chat' id='m &amp; 1' from='${from.full}' to='${to.full}'>${content}</message>`;
  const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  const message = {
    id: "evt_1",
    class: "chat" as const,
    stanza: Stanza.parse(xml),
    from,
    to,
    user: to.toBare(),
    host: "example.org",
    at,
  };
  return renderPayload(message, { preset, jid: "full", confidential: false, templateType: "", ...more });
}

const forms = "application/x-www-form-urlencoded";
const json = {
  start: '{"id":"evt_1","type":"message.offline","timestamp":"2026-01-02T03:04:05.678Z","host":"example.org",',
  addresses: '"from":"romeo@example.net/orchard","to":"juliet@example.org/balcony",',
};
const event =
  '{"specversion":"1.0","id":"evt_1","source":"xmpp:example.org","type":"nightpost.message.offline",' +
  '"subject":"juliet@example.org","time":"2026-01-02T03:04:05.678Z","datacontenttype":"application/json","data":{';

/** Each preset's bytes for a message, with its body and without (`confidential`). */
const goldens: Readonly<Record<Preset, { type: string; full: string; confidential: string }>> = {
  classic: {
    type: forms,
    full: "from=romeo%40example.net%2Forchard&to=juliet%40example.org%2Fbalcony&body=a%26b%3D%C3%A9+%F0%9F%91%A9",
    confidential: "from=romeo%40example.net%2Forchard&to=juliet%40example.org%2Fbalcony",
  },
  mod_interact: {
    type: forms,
    full: "to=juliet&from=romeo&body=a%26b%3D%C3%A9+%F0%9F%91%A9",
    confidential: "to=juliet&from=romeo",
  },
  mod_http_offline: {
    type: forms,
    full: "from=romeo&to=juliet&body=a%26b%3D%C3%A9+%F0%9F%91%A9&message_id=m+%26+1",
    confidential: "from=romeo&to=juliet&message_id=m+%26+1",
  },
  mod_offline_http_post: {
    type: forms,
    full: "to=juliet&from=romeo&vhost=example.org&body=a%26b%3D%C3%A9+%F0%9F%91%A9&messageId=m+%26+1",
    confidential: "to=juliet&from=romeo&vhost=example.org&messageId=m+%26+1",
  },
  mongooseim: {
    type: forms,
    full: "author=romeo&server=example.net&receiver=juliet&message=a%26b%3D%C3%A9+%F0%9F%91%A9",
    confidential: "author=romeo&server=example.net&receiver=juliet",
  },
  json: {
    type: "application/json",
    full: `${json.start}${json.addresses}"message":{"id":"m & 1","type":"chat","body":"a&b=é 👩","subject":"s"},"unread":}`,
    confidential: `${json.start}${json.addresses}"message":{"id":"m & 1","type":"chat","body":null},"unread":}`,
  },
  cloudevents: {
    type: "application/cloudevents+json",
    full: `${event}${json.addresses}"message":{"id":"m & 1","type":"chat","body":"a&b=é 👩","subject":"s"},"unread":}}`,
    confidential: `${event}${json.addresses}"message":{"id":"m & 1","type":"chat","body":null},"unread":}}`,
  },
};

describe.each(Object.entries(goldens) as [Preset, (typeof goldens)[Preset]][])(
  "%s, byte for byte",
  (preset, golden) => {
    const isForm = golden.type === forms;
    const content = "<body>a&amp;b=é 👩</body><subject>s</subject>";

    test("a message", () => {
      const payload = rendered(preset, content)!;
      expect(payload).toMatchObject({ contentType: golden.type, text: golden.full });
      expect(payload.unreadAt).toBe(isForm ? undefined : golden.full.indexOf('"unread":') + 9);
    });

    test("confidential: that there is a message, not what it says", () => {
      expect(rendered(preset, content, { confidential: true })?.text).toBe(golden.confidential);
    });

    test("encrypted: its notice is never told, and a form without body only to who expects that", () => {
      const encrypted = `<body>notice</body><subject>notice</subject>${encryption}`;
      const open = rendered(preset, encrypted);
      const confidential = rendered(preset, encrypted, { confidential: true })!;
      expect(open === null).toBe(isForm);
      expect(open?.text ?? "").not.toContain("notice");
      expect(confidential.text).not.toContain("notice");
      if (isForm) expect(confidential.text).toBe(golden.confidential);
    });

    test.each(["", "<body/>", "<active xmlns='http://jabber.org/protocol/chatstates'/>"])("nothing of %j", (empty) => {
      expect(rendered(preset, empty)).toBeNull();
      expect(rendered(preset, empty, { confidential: true })).toBeNull();
    });
  },
);

test("a client that gives no id", () => {
  const xml = `<message type='chat' from='${from.full}' to='${to.full}'><body>hi</body></message>`;
  const message = {
    id: "evt_1",
    class: "chat",
    stanza: Stanza.parse(xml),
    from,
    to,
    user: to.toBare(),
    host: "example.org",
    at: 0,
  } as const;
  const settings = { jid: "full", confidential: false, templateType: "" } as const;
  expect(renderPayload(message, { preset: "mod_http_offline", ...settings })!.text).toBe(
    "from=romeo&to=juliet&body=hi&message_id=",
  );
});
