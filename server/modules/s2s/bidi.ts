import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import type { ServerFeature } from "../../core/remote/negotiation.ts";
import { el } from "../../xmpp/element.ts";
import { StreamError } from "../../xmpp/errors.ts";

const NS_BIDI = "urn:xmpp:bidi";
const NS_FEATURE = "urn:xmpp:features:bidi";

export const bidi = defineModule({
  name: "s2s-bidi",
  summary: "Sends stanzas to another server over the connection that it has opened, so that one is enough.",
  xeps: [
    {
      number: 288,
      version: "1.0.1",
      note: "Asked for only where the peer's certificate is valid: dialback does not prove who answers.",
    },
  ],
  options: z.strictObject({}),
  requires: ["s2s"],
  start(ctx) {
    ctx.onStop(ctx.core.links.federations.add(ctx.host, feature));
  },
});

const feature: ServerFeature = {
  name: "bidi",
  order: 20,
  handles: [[NS_BIDI, "bidi"]],
  offer(stream) {
    const { local, remote, isBidirectional } = stream;
    const isLate = isBidirectional || (remote !== null && stream.isProved({ local, remote }));
    return isLate ? undefined : el("bidi", NS_FEATURE);
  },
  handle(stream) {
    const { local, remote } = stream;
    // XEP-0288 2.2: before the proof, or not at all.
    if (remote !== null && stream.isProved({ local, remote })) throw new StreamError("policy-violation", "too late");
    stream.isBidirectional = true;
  },
  begin(stream, features) {
    const isWanted =
      features.has("bidi", NS_FEATURE) && !stream.isBidirectional && stream.isCertifiedFor(stream.remote);
    if (isWanted) {
      stream.write(`<bidi xmlns='${NS_BIDI}'/>`);
      stream.isBidirectional = true;
    }
    return false;
  },
  answered() {
    // Nothing answers it.
  },
};
