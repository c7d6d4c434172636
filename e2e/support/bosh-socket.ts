import { randomInt } from "node:crypto";
import { EventEmitter } from "node:events";
import http from "node:http";
import { streamTag, toMessages } from "./framed-socket.ts";

const bosh = "http://jabber.org/protocol/httpbind";

/**
 * A BOSH session (XEP-0124, XEP-0206) that looks like the socket of a TCP stream. One request is always there for the server to
 * answer; what is written goes out with the next one.
 */
export class BoshSocket extends EventEmitter {
  readonly #port: number;
  readonly #address: string;
  readonly #agent = new http.Agent({ keepAlive: true });
  #rid = randomInt(2 ** 40);
  #sid = "";
  #requests = 0;
  #payloads: string[] = [];
  #isClosed = false;
  /** Answers are looked at in the order of their requests (XEP-0124 14.2). */
  #answered: Promise<void> = Promise.resolve();
  #isScheduled = false;

  constructor(port: number, address: string) {
    super();
    this.#port = port;
    this.#address = address;
  }

  write(text: string): void {
    for (const message of toMessages(text)) {
      if (message.startsWith("<open ")) this.#open(message);
      else if (message.startsWith("<close ")) this.#request("type='terminate'");
      else this.#payloads.push(message);
    }
    this.#schedule();
  }

  end(text = ""): void {
    if (text !== "") this.write(text);
  }

  readonly writableLength = 0;

  pause(): void {}

  resume(): this {
    return this;
  }

  destroy(): void {
    this.#close();
  }

  resetAndDestroy(): void {
    this.#close();
  }

  #open(message: string): void {
    const to = /\bto='([^']+)'/.exec(message)?.[1] ?? "";
    const names = `to='${to}' xmlns:xmpp='urn:xmpp:xbosh'`;
    if (this.#sid === "") this.#request(`${names} xmpp:version='1.0' hold='1' wait='60' ver='1.11'`, true);
    else this.#request(`${names} xmpp:restart='true'`, true);
  }

  // What is written in one turn goes out with one request.
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#next();
    });
  }

  #next(): void {
    if (this.#isClosed || this.#sid === "") return;
    const isIdle = this.#requests === 0;
    if (isIdle || (this.#payloads.length > 0 && this.#requests < 2)) this.#request("");
  }

  #request(attributes: string, opens = false): void {
    if (this.#isClosed) return;
    const sid = this.#sid === "" ? "" : `sid='${this.#sid}'`;
    const payloads = opens ? "" : this.#payloads.splice(0).join("");
    this.#requests += 1;
    this.#rid += 1;
    const answer = this.#post(`<body xmlns='${bosh}' rid='${this.#rid}' ${sid} ${attributes}>${payloads}</body>`);
    this.#answered = Promise.all([answer, this.#answered]).then(
      ([text]) => this.#take(text, opens),
      () => this.#close(),
    );
  }

  async #post(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = http.request({
        port: this.#port,
        host: this.#address,
        path: "/http-bind",
        method: "POST",
        agent: this.#agent,
      });
      request.once("error", reject);
      request.once("response", (response) => {
        response
          .toArray()
          .then((chunks) => resolve(Buffer.concat(chunks as Buffer[]).toString()))
          .catch(reject);
      });
      request.end(text);
    });
  }

  #take(text: string, opens: boolean): void {
    this.#requests -= 1;
    if (this.#isClosed) return;
    const [, attributes = "", payloads = ""] = /^<body ([^>]*?)(?:\/>|>(.*)<\/body>)$/s.exec(text) ?? [];
    const attribute = (name: string): string => new RegExp(`\\b${name}='([^']*)'`).exec(attributes)?.[1] ?? "";
    if (this.#sid === "") this.#sid = attribute("sid");
    if (opens) this.#emit(streamTag(`id='${attribute("authid")}' from='${attribute("from")}' version='1.0'`));
    if (payloads !== "") this.#emit(payloads);
    const condition = attribute("condition");
    if (condition !== "" && condition !== "remote-stream-error") {
      this.#emit(`<stream:error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`);
    }
    if (attribute("type") === "terminate") this.#close();
    else this.#schedule();
  }

  #emit(text: string): void {
    this.emit("data", Buffer.from(text));
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#agent.destroy();
    this.emit("close");
  }
}
