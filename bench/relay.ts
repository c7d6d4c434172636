import { closeSync, fdatasync, mkdtempSync, openSync, rmSync, write } from "node:fs";
import net, { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { selfSignedPair } from "../server/net/self-signed.ts";
import { domain } from "./session.ts";

// The least that a Node process can do for the traffic of these workloads: any password is right, no XML is parsed, and
// what is stored is a line in a file, written and synced in groups. It is the limit that the server is measured against.

const header = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='relay' from='${domain}' version='1.0'>`;
const mechanisms =
  "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>";
const binding = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>";
const success = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
const messageEnd = "</message>";
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

const online = new Map<string, Client>();
const waiting = new Map<string, string[]>();

/** Records that are written and synced together: all that came while the last group was on its way. */
class SyncedLog {
  readonly #directory = mkdtempSync(join(tmpdir(), "nightpost-relay-"));
  readonly #file = openSync(join(this.#directory, "log"), "w");
  #pending: string[] = [];
  #answers: (() => void)[] = [];
  #isWriting = false;

  append(record: string): void {
    this.#pending.push(record);
    void this.#write();
  }

  /** Calls back when everything appended so far is on disk. */
  afterSync(answer: () => void): void {
    if (this.#pending.length === 0 && !this.#isWriting) answer();
    else this.#answers.push(answer);
  }

  close(): void {
    closeSync(this.#file);
    rmSync(this.#directory, { recursive: true });
  }

  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#pending.length > 0 || this.#answers.length > 0) {
      const group = this.#pending.join("");
      const answers = this.#answers;
      this.#pending = [];
      this.#answers = [];
      await promisify(write)(this.#file, Buffer.from(group, "latin1"));
      await promisify(fdatasync)(this.#file);
      for (const answer of answers) answer();
    }
    this.#isWriting = false;
  }
}
const log = new SyncedLog();

const unflushed: Client[] = [];
function flush(): void {
  for (const client of unflushed) client.flush();
  unflushed.length = 0;
}

class Client {
  readonly #socket: Socket;
  #user = "";
  #text = "";
  #unwritten = "";

  constructor(accepted: Socket) {
    accepted.setNoDelay(true);
    if (accepted instanceof TLSSocket) {
      this.#socket = accepted;
      accepted.on("data", (bytes: Buffer) => this.#received(bytes.toString("latin1")));
    } else {
      // A socket of our own around the accepted handle, for the sake of the shared read buffer.
      const callback = (length: number): boolean => this.#received(readBuffer.toString("latin1", 0, length));
      const options = { handle: Reflect.get(accepted, "_handle"), onread: { buffer: readBuffer, callback } };
      this.#socket = new Socket(options);
      Reflect.set(accepted, "_handle", null);
    }
    this.#socket.on("error", () => this.#socket.destroy());
    this.#socket.on("close", () => online.delete(this.#user));
    this.#socket.on("end", () => this.#socket.end());
    this.#socket.read(0);
  }

  send(xml: string): void {
    if (this.#unwritten === "") {
      if (unflushed.length === 0) setImmediate(flush);
      unflushed.push(this);
    }
    this.#unwritten += xml;
  }

  flush(): void {
    this.#socket.write(this.#unwritten, "latin1");
    this.#unwritten = "";
  }

  #received(bytes: string): boolean {
    const text = this.#text + bytes;
    let at = 0;
    for (;;) {
      const start = text.indexOf("<", at);
      if (start < 0) break;
      const end = this.#stanza(text, start);
      if (end < 0) break;
      at = end;
    }
    this.#text = at < text.length ? text.slice(at) : "";
    return true;
  }

  /** Deals with what begins at `start`; answers where it ends, or -1 when it is not complete. */
  #stanza(text: string, start: number): number {
    if (text.startsWith("<message ", start)) {
      const end = text.indexOf(messageEnd, start);
      if (end < 0) return -1;
      this.#message(text, start, end + messageEnd.length);
      return end + messageEnd.length;
    }
    if (text.startsWith("<iq ", start)) {
      const end = text.indexOf("</iq>", start);
      if (end < 0) return -1;
      this.#iq(text.slice(start, end));
      return end + "</iq>".length;
    }
    if (text.startsWith("<auth ", start)) {
      const end = text.indexOf("</auth>", start);
      if (end < 0) return -1;
      const response = text.slice(text.indexOf(">", start) + 1, end);
      this.#user = Buffer.from(response, "base64").toString("latin1").split("\0")[1] ?? "";
      this.send(success);
      return end + "</auth>".length;
    }
    const end = text.indexOf(">", start);
    if (end < 0) return -1;
    if (text.startsWith("<stream:stream", start)) this.send(header + (this.#user === "" ? mechanisms : binding));
    else if (text.startsWith("<presence", start)) this.#available();
    else if (text.startsWith("</stream", start)) this.#socket.end();
    return end + 1;
  }

  #message(text: string, start: number, end: number): void {
    const name = text.indexOf("to='", start) + "to='".length;
    const user = text.slice(name, text.indexOf("@", name));
    const stamped = `<message from='${this.#user}@${domain}/load'${text.slice(start + "<message".length, end)}`;
    const target = online.get(user);
    if (target !== undefined) {
      target.send(stamped);
      return;
    }
    log.append(`${stamped}\n`);
    const queue = waiting.get(user);
    if (queue === undefined) waiting.set(user, [stamped]);
    else queue.push(stamped);
  }

  #available(): void {
    online.set(this.#user, this);
    const queue = waiting.get(this.#user);
    waiting.delete(this.#user);
    if (queue !== undefined) this.send(queue.join(""));
  }

  #iq(xml: string): void {
    const id = /id='([^']*)'/.exec(xml)?.[1] ?? "";
    const jid = xml.includes("<bind") ? `<bind><jid>${this.#user}@${domain}/load</jid></bind>` : "";
    log.afterSync(() => this.send(`<iq type='result' id='${id}' from='${domain}'>${jid}</iq>`));
  }
}

const { context } = await selfSignedPair(domain, null, Date.now());
const plain = net.createServer({ pauseOnConnect: true }, (socket) => new Client(socket));
const secure = net.createServer((socket) => {
  socket.on("error", () => socket.destroy());
  return new Client(new TLSSocket(socket, { isServer: true, secureContext: context }));
});
for (const server of [plain, secure])
  await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 }, resolve));
const portOf = (server: net.Server): number => (server.address() as net.AddressInfo).port;
console.log(JSON.stringify({ port: portOf(plain), tlsPort: portOf(secure) }));
process.on("SIGTERM", () => {
  log.close();
  process.exit(0);
});
