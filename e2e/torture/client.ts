import { child, text, type XmlElement } from "../support/xml.ts";
import { conditionOf, XmppClient, type ClientOptions } from "../support/xmpp-client.ts";

const sm = "urn:xmpp:sm:3";
const carbons = "urn:xmpp:carbons:2";
const forward = "urn:xmpp:forward:0";
/** Messages that may be unconfirmed while another one is written. */
const window = 5;
const patienceMs = 600_000;
/** From the error of a socket to its end. */
const closingMs = 1_000;

/** A message as a resource got it: to its account, or as a copy of what its account's other resource sent. */
export interface Arrival {
  readonly body: string;
  readonly isOwn: boolean;
}

interface Account {
  readonly user: string;
  readonly resource: string;
  readonly password: string;
}

/** A resource that comes back however often its connection dies, and goes on where it was (XEP-0198 5). */
export class StubbornClient {
  readonly user: string;
  readonly name: string;
  readonly arrivals: Arrival[] = [];
  /** What a server must not do. */
  readonly faults: string[] = [];
  resumptions = 0;
  readonly #account: Account;
  readonly #way: Pick<ClientOptions, "port" | "transport">;
  readonly #onArrival: () => void;
  readonly #answered = new Set<string>();
  /** The oldest first. It begins with what makes the session one that gets copies. */
  readonly #unconfirmed: string[] = [`<iq type='set' id='copies'><enable xmlns='${carbons}'/></iq>`, "<presence/>"];
  #confirmed = 0;
  #received = 0;
  #streamId: string | null = null;
  #stream: XmppClient | null = null;
  #isOver = false;
  #onProgress: (() => void)[] = [];

  constructor(account: Account, way: Pick<ClientOptions, "port" | "transport">, onArrival: () => void) {
    this.user = account.user;
    this.name = `${account.user}/${account.resource}`;
    this.#account = account;
    this.#way = way;
    this.#onArrival = onArrival;
  }

  /** Comes back until it is told to {@link stop}, or the server gives it no choice. */
  async run(): Promise<void> {
    while (!this.#isOver) {
      let stream: XmppClient | null = null;
      try {
        stream = await XmppClient.connect({ ...this.#way, host: "localhost" });
        await this.#begin(stream);
        await this.#read(stream);
      } catch (error) {
        // Its connection died, as it was meant to, or is about to; anything else is the server's doing.
        await stream?.untilClosed(closingMs).catch(() => this.#fail(String(error)));
        stream?.destroy();
      }
      this.#stream = null;
    }
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#stream?.close();
  }

  /** Writes each of the messages to its recipient; resolves when the server has confirmed all of them. */
  async send(messages: readonly { readonly to: string; readonly body: string }[]): Promise<void> {
    for (const { to, body } of messages) {
      await this.#until(() => this.#unconfirmed.length < window);
      this.#write(`<message type='chat' to='${to}@localhost' id='${body}'><body>${body}</body></message>`);
    }
    await this.#until(() => this.#unconfirmed.length === 0);
  }

  /** When it resolves, everything that the server had for this resource is here. */
  async settle(id: string): Promise<void> {
    this.#write(`<iq type='get' id='${id}' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>`);
    await this.#until(() => this.#answered.has(id));
  }

  async #begin(stream: XmppClient): Promise<void> {
    const { user, resource, password } = this.#account;
    const condition = await stream.authenticate(user, password, "SCRAM-SHA-1");
    if (condition !== null) throw new Error(condition);
    await stream.openStream();
    const management = (): Promise<XmlElement> => stream.receive(({ ns }) => ns === sm);
    if (this.#streamId === null) {
      const bind = `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${resource}</resource></bind>`;
      await stream.ask("set", "", bind);
      stream.send(`<enable xmlns='${sm}' resume='true'/>`);
      this.#streamId = (await management()).attrs["id"]!;
    } else {
      stream.send(`<resume xmlns='${sm}' previd='${this.#streamId}' h='${this.#received}'/>`);
      const answer = await management();
      if (answer.name !== "resumed") throw new Error(`not resumed: ${conditionOf(answer)}`);
      this.resumptions += 1;
      this.#confirm(answer);
    }
    this.#stream = stream;
    stream.send(`${this.#unconfirmed.join("")}<r xmlns='${sm}'/>`);
  }

  async #read(stream: XmppClient): Promise<void> {
    for (;;) {
      const element = await stream.receive(() => true, patienceMs);
      if (element.ns !== sm) {
        this.#received += 1;
        this.#take(element);
      } else if (element.name === "r") stream.send(`<a xmlns='${sm}' h='${this.#received}'/>`);
      else this.#confirm(element);
    }
  }

  #take(stanza: XmlElement): void {
    const { type, id } = stanza.attrs;
    if (type === "error") this.#fail(`${stanza.name} ${id ?? ""}: ${conditionOf(stanza)}`);
    if (stanza.name === "iq" && id !== undefined) {
      this.#answered.add(id);
      this.#progress();
    }
    if (stanza.name !== "message") return;
    const own = child(stanza, "sent", carbons);
    const copy = own ?? child(stanza, "received", carbons);
    const message = copy === undefined ? stanza : child(child(copy, "forwarded", forward)!, "message")!;
    this.arrivals.push({ body: text(child(message, "body")), isOwn: own !== undefined });
    this.#onArrival();
  }

  #write(stanza: string): void {
    this.#unconfirmed.push(stanza);
    this.#stream?.send(`${stanza}<r xmlns='${sm}'/>`);
  }

  #confirm({ attrs }: XmlElement): void {
    const h = Number(attrs["h"]);
    const count = h - this.#confirmed;
    if (!(count >= 0 && count <= this.#unconfirmed.length)) {
      this.#fail(`h is ${h} after ${this.#confirmed}, with ${this.#unconfirmed.length} unconfirmed`);
      return;
    }
    this.#unconfirmed.splice(0, count);
    this.#confirmed = h;
    this.#progress();
  }

  #fail(fault: string): void {
    this.faults.push(`${this.name}: ${fault}`);
    this.#isOver = true;
    this.#progress();
  }

  #progress(): void {
    for (const look of this.#onProgress.splice(0)) look();
  }

  /** Also resolves when the client has given up. */
  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo() && !this.#isOver) await new Promise<void>((resolve) => this.#onProgress.push(resolve));
  }
}
