import type { Core } from "../../core/core.ts";
import type { Host } from "../../core/host.ts";
import type { NegotiatingStream } from "../../core/negotiation.ts";
import type { TestServer } from "../../core/testing.ts";
import { LoginThrottle } from "../../core/throttle.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { errorReply } from "../../xmpp/reply.ts";
import { Stanza } from "../../xmpp/stanza.ts";

/** A stream before login, as the feature sees it. */
export class Visitor implements NegotiatingStream {
  readonly core: Core;
  readonly host: Host;
  readonly settings = { starttls: "required", plainWithoutTls: false } as const;
  readonly throttle: LoginThrottle;
  readonly port = 1;
  readonly transport = "tls";
  readonly mayStartTls = false;
  readonly bindings = null;
  readonly account = null;
  readonly from = null;
  readonly certified = [];
  readonly agent = null;
  language: string | null = null;
  readonly mechanism = "";
  readonly session = null;
  readonly address: string;
  isSecure = true;
  readonly sent: string[] = [];

  constructor({ core, clock }: TestServer, host: string, address = "192.0.2.1") {
    this.core = core;
    this.host = core.hosts.get(host)!;
    this.throttle = new LoginThrottle(clock);
    this.address = address;
  }

  startTls(): void {}
  authenticate(): void {}
  offerFeatures(): void {}
  claim(): void {}
  bind(): void {}
  flushApart(): void {}
  fillsIn(): void {}
  resume(): void {}
  close(): void {}
  send(element: Element | Stanza): void {
    this.sent.push(element.toString());
  }

  get isOffered(): boolean {
    return this.host.streamFeatures.find((feature) => feature.name === "register")?.offer(this) !== undefined;
  }

  async ask(type: "get" | "set", payload = "", language?: string): Promise<string> {
    const spoken = language === undefined ? "" : `xml:lang='${language}'`;
    const iq = Stanza.parse(
      `<iq type='${type}' id='r' to='${this.host.name}' ${spoken}><query xmlns='jabber:iq:register'>${payload}</query></iq>`,
    );
    try {
      await this.host.featureFor(NS.register, "query")!.handle(this, iq);
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      return `${error.condition}: ${error.text ?? ""} ${errorReply(iq, error).type}`;
    }
    return this.sent.at(-1)!;
  }

  register(username: string, password = "correct horse"): Promise<string> {
    return this.ask("set", `<username>${username}</username><password>${password}</password>`);
  }
}
