import type { StreamError } from "../xmpp/errors.ts";
import { escapeAttribute, escapeText } from "../xmpp/escape.ts";
import { NS } from "../xmpp/namespaces.ts";
import { serialize } from "../xmpp/serializer.ts";
import type { ChannelBindings } from "./channel-binding.ts";
import type { ConnectionOwner, TlsOptions } from "./connection.ts";
import type { Rate } from "./shaper.ts";

/** How a client's stream reaches the server. */
export type Transport = "tcp" | "tls" | "starttls" | "websocket" | "bosh";

/** Bytes that went over a connection, of the stream and not of the encryption around it. */
export interface Traffic {
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** Protocol and cipher of an established TLS connection, as OpenSSL calls them. */
export interface TlsFacts {
  readonly protocol: string;
  readonly cipher: string;
}

/** What carries a stream: a TCP connection, a WebSocket, or a BOSH session with its requests. */
export interface Carrier {
  /** Of the client, not of a proxy between. */
  readonly address: string;
  readonly port: number;
  readonly transport: Transport;
  /** Nobody on the way can read along: it is encrypted, or does not leave the machine. */
  readonly isSecure: boolean;
  /** Of the TLS connection that ends here. */
  readonly tls: TlsFacts | null;
  readonly bindings: ChannelBindings | null;
  /** Addresses that the peer's certificate is for; left out: it could not be asked for one. */
  readonly certified?: readonly string[];
  /** Whether the peer's certificate is one for a server of the domain; left out: it could not be asked for one. */
  isCertifiedFor?(domain: string): boolean;
  readonly framing: Framing;
  /** Bytes written here that the operating system, or the peer where it is known, has not taken yet. */
  readonly unsent: number;
  readonly traffic: Traffic;
  /** Begins to read. */
  open(owner: ConnectionOwner): void;
  write(text: string): void;
  /** Sends what was written; what follows waits `ms`, so that the peer reads it apart. */
  flushApart(ms: number): void;
  pauseReading(): void;
  resumeReading(): void;
  shape(rate: Rate | null): void;
  /** Upgrades to TLS in place, where that is possible. May be called from `received` only. */
  startTls(options: TlsOptions): void;
  /** The peer has logged in: it may send more at once. */
  trust(): void;
  /** Sends what is queued and lets the connection go in an orderly way. */
  end(): void;
  destroy(reason: string): void;
}

/** A stream header of ours, as far as it depends on the stream. */
export interface HeaderAnswer {
  readonly contentNs: string;
  /** "" in the header of whoever opens the connection (RFC 6120 4.7.3). */
  readonly id: string;
  /** "" before a host is known. */
  readonly from: string;
  readonly to: string | undefined;
}

/** How a stream looks on its carrier. */
export interface Framing {
  /** Whether each portion that comes in is one whole element (RFC 7395 3.3). */
  readonly isFramed: boolean;
  header(carrier: Carrier, answer: HeaderAnswer): void;
  /** Writes one element, as text for a stream whose default namespace is the content namespace. */
  element(carrier: Carrier, xml: string): void;
  /** Writes the error, if any, and the end of the stream. */
  end(carrier: Carrier, error: StreamError | undefined): void;
}

/** The frame of RFC 6120 4: one XML document in each direction. */
export const xmlFraming: Framing = {
  isFramed: false,
  header(carrier, { contentNs, id, from, to }) {
    carrier.write(
      `<?xml version='1.0'?><stream:stream xmlns='${contentNs}' xmlns:stream='${NS.stream}' ` +
        // XEP-0220 2.1.1: it says that dialback is understood.
        (contentNs === NS.server ? `xmlns:db='${NS.dialback}' ` : "") +
        `${headerAttributes(id, from, to, contentNs !== NS.component)}>`,
    );
  },
  element(carrier, xml) {
    carrier.write(xml);
  },
  end(carrier, error) {
    carrier.write(error === undefined ? "</stream:stream>" : `${errorText(error, "")}</stream:stream>`);
  },
};

/** RFC 6120 4.7, which RFC 7395 3.3.2 takes over. Components' streams have no version, and no features (XEP-0114 3). */
export function headerAttributes(id: string, from: string, to: string | undefined, hasVersion = true): string {
  const fromText = from === "" ? "" : ` from='${escapeAttribute(from)}'`;
  const toText = to === undefined ? "" : ` to='${escapeAttribute(to)}'`;
  const idText = id === "" ? "" : `id='${id}'`;
  return `${idText}${fromText}${toText}${hasVersion ? " version='1.0'" : ""} xml:lang='en'`;
}

/** `<stream:error/>`, RFC 6120 4.9.2; `declarations` go into its start tag. */
export function errorText(error: StreamError, declarations: string): string {
  const text =
    error.text === undefined ? "" : `<text xmlns='${NS.streams}' xml:lang='en'>${escapeText(error.text)}</text>`;
  const app = error.app === undefined ? "" : serialize(error.app, NS.client);
  return `<stream:error${declarations}><${error.condition} xmlns='${NS.streams}'/>${text}${app}</stream:error>`;
}
