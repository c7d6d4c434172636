import { type EventEmitter, once } from "node:events";
import net from "node:net";
import { StringDecoder } from "node:string_decoder";
import tls from "node:tls";
import { BoshSocket } from "./bosh-socket.ts";
import { scramFinal, scramFirst, type ScramHash } from "./scram.ts";
import { WebSocketSocket } from "./websocket-socket.ts";
import { child, elements, StreamReader, text, type XmlElement } from "./xml.ts";

export interface ClientOptions {
  readonly port: number;
  readonly address?: string;
  /** Domain of the stream header. */
  readonly host: string;
  readonly tls?: "none" | "starttls" | "direct";
  /** `websocket` and `bosh`: the port is that of HTTP; `direct` TLS makes it wss. */
  readonly transport?: "tcp" | "websocket" | "bosh";
  /** Address of loopback to come from, such as 127.0.0.2: to the server, somebody else. */
  readonly from?: string;
  /** What the stream header says of its language, over TCP. */
  readonly language?: string;
}

/** What the client needs of a socket. */
type ClientSocket = EventEmitter &
  Pick<WebSocketSocket, "writableLength" | "destroy" | "resetAndDestroy"> & {
    write(text: string): unknown;
    end(text: string): unknown;
    pause(): unknown;
    resume(): unknown;
  };

const waitMs = 30_000;

/** A small XMPP client on its own parser, for tests: everything it gets waits in a queue until it is asked for. */
export class XmppClient {
  readonly host: string;
  jid = "";
  features: XmlElement | null = null;
  isClosed = false;
  streamError: XmlElement | null = null;
  readonly #inbox: XmlElement[] = [];
  readonly #waiting: {
    matches: (element: XmlElement) => boolean;
    resolve: (element: XmlElement) => void;
    reject: (error: Error) => void;
  }[] = [];
  #socket: ClientSocket;
  readonly #reader: StreamReader;
  #onHeader: (() => void) | null = null;
  #ids = 0;

  readonly #language: string;

  private constructor(socket: ClientSocket, { host, language }: ClientOptions) {
    this.host = host;
    this.#language = language === undefined ? "" : ` xml:lang='${language}'`;
    this.#socket = socket;
    this.#reader = new StreamReader({
      header: () => this.#onHeader?.(),
      element: (element) => this.#deliver(element),
      end: () => undefined,
    });
    this.#attach(socket);
  }

  /** Connects, opens a stream and, if wanted, negotiates TLS; `features` are those of the last stream. */
  static async connect(options: ClientOptions): Promise<XmppClient> {
    const address = options.address ?? "127.0.0.1";
    const mode = options.tls ?? "none";
    if (options.transport === "bosh") {
      const client = new XmppClient(new BoshSocket(options.port, address), options);
      await client.openStream();
      return client;
    }
    if (options.transport === "websocket") {
      const scheme = mode === "none" ? "ws" : "wss";
      const client = new XmppClient(
        await WebSocketSocket.connect(`${scheme}://${address}:${options.port}/xmpp-websocket`),
        options,
      );
      await client.openStream();
      return client;
    }
    const socket =
      mode === "direct"
        ? tls.connect({
            port: options.port,
            host: address,
            servername: options.host,
            rejectUnauthorized: false,
            ALPNProtocols: ["xmpp-client"],
          })
        : net.connect({ port: options.port, host: address, localAddress: options.from });
    await once(socket, mode === "direct" ? "secureConnect" : "connect");
    const client = new XmppClient(socket, options);
    await client.openStream();
    if (mode === "starttls") await client.#startTls();
    return client;
  }

  /** Logs in and binds a resource. Rejects with the SASL condition's name. */
  async login(user: string, password: string, options: { mechanism?: string; resource?: string } = {}): Promise<this> {
    const condition = await this.authenticate(user, password, options.mechanism ?? "SCRAM-SHA-1");
    if (condition !== null) throw new Error(condition);
    await this.openStream();
    const resource = options.resource === undefined ? "" : `<resource>${options.resource}</resource>`;
    const bound = await this.ask("set", "", `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>${resource}</bind>`);
    const bind = child(bound, "bind");
    this.jid = text(bind === undefined ? undefined : child(bind, "jid"));
    if (this.jid === "") throw new Error(`not bound: ${conditionOf(bound)}`);
    return this;
  }

  /** null: authenticated; otherwise the condition of the failure. */
  async authenticate(user: string, password: string, mechanism: string): Promise<string | null> {
    const ns = "urn:ietf:params:xml:ns:xmpp-sasl";
    const isSasl = (element: XmlElement): boolean => element.ns === ns;
    if (mechanism === "PLAIN") {
      this.send(
        `<auth xmlns='${ns}' mechanism='PLAIN'>${Buffer.from(`\0${user}\0${password}`).toString("base64")}</auth>`,
      );
    } else {
      const hash = mechanism.replace("SCRAM-", "").replace("SHA-", "sha").toLowerCase() as ScramHash;
      const first = scramFirst(user);
      this.send(`<auth xmlns='${ns}' mechanism='${mechanism}'>${Buffer.from(first.message).toString("base64")}</auth>`);
      const challenge = await this.receive(isSasl);
      if (challenge.name !== "challenge") return conditionOf(challenge);
      const final = scramFinal(hash, password, first, Buffer.from(text(challenge), "base64").toString("utf8"));
      this.send(`<response xmlns='${ns}'>${Buffer.from(final.message).toString("base64")}</response>`);
      const outcome = await this.receive(isSasl);
      if (outcome.name !== "success") return conditionOf(outcome);
      const signature = Buffer.from(text(outcome), "base64").toString("utf8");
      if (signature !== `v=${final.serverSignature}`) throw new Error("the server's signature is wrong");
      return null;
    }
    const outcome = await this.receive(isSasl);
    return outcome.name === "success" ? null : conditionOf(outcome);
  }

  async openStream(): Promise<void> {
    if (this.isClosed) throw new Error("the stream is closed");
    this.#reader.restart();
    const header = new Promise<void>((resolve) => {
      this.#onHeader = resolve;
    });
    this.send(
      `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${this.host}' version='1.0'${this.#language}>`,
    );
    await Promise.race([header, once(this.#socket, "close")]);
    this.features = await this.receive((element) => element.name === "features" || element.name === "error");
  }

  send(xml: string): void {
    this.#socket.write(xml);
  }

  /** The next element that matches; those before it stay in the queue. Rejects when the stream ends or nothing comes. */
  receive(matches: (element: XmlElement) => boolean = () => true, ms = waitMs): Promise<XmlElement> {
    const index = this.#inbox.findIndex(matches);
    if (index >= 0) return Promise.resolve(this.#inbox.splice(index, 1)[0]!);
    if (this.isClosed) return Promise.reject(new Error("the stream is closed"));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`nothing that matches came within ${ms} ms`)), ms);
      this.#waiting.push({
        matches,
        resolve: (element) => {
          clearTimeout(timer);
          resolve(element);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
    });
  }

  /** Sends an iq and waits for its result or error. */
  ask(type: "get" | "set", to: string, payload: string, ms = waitMs): Promise<XmlElement> {
    this.#ids += 1;
    const id = `q${this.#ids}`;
    this.send(`<iq type='${type}' id='${id}'${to === "" ? "" : ` to='${to}'`}>${payload}</iq>`);
    return this.receive(
      (element) => element.name === "iq" && element.attrs["id"] === id && element.attrs["type"] !== "get",
      ms,
    );
  }

  /** When it resolves, the server has dealt with everything sent before (a barrier). */
  ping(ms = waitMs): Promise<XmlElement> {
    return this.ask("get", this.host, "<ping xmlns='urn:xmpp:ping'/>", ms);
  }

  /** Messages received so far, taken from the queue. */
  takeMessages(): XmlElement[] {
    const messages = this.#inbox.filter((element) => element.name === "message");
    for (const message of messages) this.#inbox.splice(this.#inbox.indexOf(message), 1);
    return messages;
  }

  /** Everything received and not asked for yet. */
  get pending(): readonly XmlElement[] {
    return this.#inbox;
  }

  /** Resolves when the server has closed the connection. */
  async untilClosed(ms = waitMs): Promise<void> {
    if (!this.isClosed) await once(this.#socket, "close", { signal: AbortSignal.timeout(ms) });
  }

  /** Closes the stream in an orderly way. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    const closed = once(this.#socket, "close");
    this.#socket.end("</stream:stream>");
    this.#socket.resume();
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 2000).unref())]);
    this.#socket.destroy();
  }

  /** Bytes that were sent and have not left this process. */
  get unsent(): number {
    return this.#socket.writableLength;
  }

  /** Takes nothing from the network any more. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** Reads on, but looks at nothing any more. */
  stopListening(): void {
    this.#socket.removeAllListeners("data");
    this.#socket.resume();
  }

  /** Lets the connection die without a word. */
  destroy(): void {
    // What lies under a TLS socket cannot be reset from here.
    if (this.#socket instanceof tls.TLSSocket) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  async #startTls(): Promise<void> {
    this.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    const answer = await this.receive((element) => element.ns === "urn:ietf:params:xml:ns:xmpp-tls");
    if (answer.name !== "proceed") throw new Error("no STARTTLS");
    if (!(this.#socket instanceof net.Socket)) throw new Error("a WebSocket has no STARTTLS");
    this.#socket.removeAllListeners("data");
    const secure = tls.connect({ socket: this.#socket, servername: this.host, rejectUnauthorized: false });
    await once(secure, "secureConnect");
    this.#attach(secure);
    this.#socket = secure;
    await this.openStream();
  }

  #attach(socket: ClientSocket): void {
    const decoder = new StringDecoder("utf8");
    socket.on("data", (chunk: Buffer) => this.#reader.write(decoder.write(chunk)));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (socket !== this.#socket) return;
      this.isClosed = true;
      for (const waiting of this.#waiting.splice(0)) waiting.reject(new Error("the stream is closed"));
    });
  }

  #deliver(element: XmlElement): void {
    if (element.name === "error" && element.ns === "http://etherx.jabber.org/streams") this.streamError = element;
    const index = this.#waiting.findIndex(({ matches }) => matches(element));
    if (index >= 0) this.#waiting.splice(index, 1)[0]!.resolve(element);
    else this.#inbox.push(element);
  }
}

/** Name of the condition of an error stanza, a SASL failure or a stream error. */
export function conditionOf(element: XmlElement): string {
  const error = child(element, "error") ?? element;
  return elements(error).find((one) => one.name !== "text")?.name ?? element.name;
}
