import { z } from "zod";
import { defineModule } from "../core/module.ts";
import { el } from "../xmpp/element.ts";
import { StreamError } from "../xmpp/errors.ts";
import { NS } from "../xmpp/namespaces.ts";

/** Upgrade of an unencrypted stream to TLS (RFC 6120 5). */
export const starttls = defineModule({
  name: "starttls",
  summary: "Lets clients encrypt a connection that began unencrypted.",
  xeps: [{ number: 368, version: "1.1.0", note: "direct TLS listener with ALPN; SRV records are the operator's" }],
  rfcs: ["RFC 6120 5"],
  options: z.strictObject({}),
  start(context) {
    context.streamFeature({
      name: "starttls",
      order: 10,
      isAllowedBeforeTls: true,
      handles: [[NS.tls, "starttls"]],
      offer(stream) {
        if (!stream.mayStartTls || stream.account !== null) return undefined;
        const required = stream.settings.starttls === "required" ? el("required", NS.tls) : undefined;
        return el("starttls", NS.tls, undefined, required);
      },
      handle(stream) {
        // RFC 6120 5.4.2.2: after a failure the stream is closed.
        if (!stream.mayStartTls || stream.account !== null) {
          stream.send(el("failure", NS.tls));
          throw new StreamError("policy-violation", "STARTTLS was not offered");
        }
        stream.send(el("proceed", NS.tls));
        stream.startTls();
      },
    });
  },
});
