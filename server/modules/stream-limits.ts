import { z } from "zod";
import { defineModule } from "../core/module.ts";
import { el } from "../xmpp/element.ts";
import { postAuthLimits, preAuthLimits } from "../xmpp/limits.ts";

const limitsNs = "urn:xmpp:stream-limits:0";

/** Tells clients how large a stanza may be (XEP-0478). */
export const streamLimits = defineModule({
  name: "stream-limits",
  summary: "Announces the largest stanza that a stream takes.",
  xeps: [{ number: 478, version: "0.2.0" }],
  options: z.strictObject({}),
  start(context) {
    const announce = (maxBytes: number) =>
      el("limits", limitsNs, undefined, el("max-bytes", limitsNs, undefined, String(maxBytes)));
    const beforeLogin = announce(preAuthLimits.maxStanzaBytes);
    const afterLogin = announce(postAuthLimits.maxStanzaBytes);
    context.streamFeature({
      name: "stream-limits",
      order: 90,
      handles: [],
      offer: (stream) => (stream.account === null ? beforeLogin : afterLogin),
      handle() {},
    });
  },
});
