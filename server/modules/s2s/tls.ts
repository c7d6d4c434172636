import { LinkFault } from "../../core/remote/fault.ts";
import type { ServerFeature } from "../../core/remote/negotiation.ts";
import { el } from "../../xmpp/element.ts";
import { StreamError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";

/** STARTTLS between servers (RFC 6120 5): used wherever it is offered, whatever the certificates are worth (RFC 7590 3). */
export const tls: ServerFeature = {
  name: "STARTTLS",
  order: 10,
  isAllowedBeforeTls: true,
  handles: [
    [NS.tls, "starttls"],
    [NS.tls, "proceed"],
    [NS.tls, "failure"],
  ],
  offer(stream) {
    if (!stream.mayStartTls) return undefined;
    return el("starttls", NS.tls, undefined, stream.isTlsRequired ? el("required", NS.tls) : undefined);
  },
  handle(stream, element) {
    // RFC 6120 5.4.2.2: after a failure the stream is closed.
    if (element.name !== "starttls" || !stream.mayStartTls) {
      stream.write(`<failure xmlns='${NS.tls}'/>`);
      throw new StreamError("policy-violation", "STARTTLS was not offered");
    }
    stream.write(`<proceed xmlns='${NS.tls}'/>`);
    stream.startTls();
  },
  begin(stream, features) {
    if (stream.isSecure || !features.has("starttls", NS.tls)) return false;
    stream.write(`<starttls xmlns='${NS.tls}'/>`);
    return true;
  },
  answered(stream, element) {
    if (element.name === "proceed" && !stream.isSecure) stream.startTls();
    else stream.fail(new LinkFault("no-tls", "the peer does not begin TLS"));
  },
};
