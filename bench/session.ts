import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { once } from "node:events";
import net, { type Socket } from "node:net";
import tls from "node:tls";

/** Where and how the sessions of a run log in. Accounts are `u0`, `u1` … with one password. */
export interface LoginOptions {
  readonly port: number;
  /** The connection begins with TLS. */
  readonly isTls: boolean;
  /** It is made TLS after the first header (RFC 6120 5). */
  readonly upgrades?: boolean;
  readonly mechanism: "SCRAM-SHA-1" | "PLAIN";
}

/** How a connection is made. */
export interface ConnectOptions {
  readonly port: number;
  readonly isTls: boolean;
  /** A TLS session to resume. */
  readonly ticket?: Buffer | undefined;
  /** Is given the tickets that the server hands out. */
  readonly onTicket?: (ticket: Buffer) => void;
}

export const domain = "localhost";
export const password = "pencil";
export const localPart = (index: number): string => `u${index}`;
export const bareJid = (index: number): string => `${localPart(index)}@${domain}`;

const sasl = "urn:ietf:params:xml:ns:xmpp-sasl";
const startTls = "urn:ietf:params:xml:ns:xmpp-tls";
const trusting = { rejectUnauthorized: false, servername: domain } as const;
export const header = `<?xml version='1.0'?><stream:stream to='${domain}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`;
const bind =
  "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>load</resource></bind></iq>";
/** A server of the others needs a minute to store what one workload sends. */
const patienceMs = 180_000;
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024);

/** A client that costs as little as possible: raw text out, text searched for marks in, no XML parser. */
export class LoadSession {
  readonly index: number;
  /** Takes all bytes while set. They are valid during the call only. */
  onBytes: ((bytes: Buffer, length: number) => void) | null = null;
  isClosed = false;
  #socket: Socket;
  #text = "";
  #awaited: { readonly marks: readonly string[]; resolve(text: string): void; reject(error: Error): void } | null =
    null;

  private constructor(index: number, options: ConnectOptions) {
    this.index = index;
    const { port, isTls, ticket, onTicket } = options;
    if (isTls) {
      const session = ticket === undefined ? {} : { session: ticket };
      this.#socket = tls.connect({ port, host: "127.0.0.1", ...trusting, ...session });
      if (onTicket !== undefined) this.#socket.on("session", onTicket);
      this.#socket.setNoDelay(true);
      this.#socket.on("data", (bytes: Buffer) => this.#received(bytes, bytes.length));
    } else {
      this.#socket = net.connect({
        port,
        host: "127.0.0.1",
        noDelay: true,
        onread: { buffer: readBuffer, callback: (length) => this.#received(readBuffer, length) },
      });
    }
    this.#watch();
  }

  /** Connects and says nothing yet. */
  static async connect(index: number, options: ConnectOptions): Promise<LoadSession> {
    const session = new LoadSession(index, options);
    await once(session.#socket, options.isTls ? "secureConnect" : "connect");
    return session;
  }

  /** Connects, authenticates and binds. */
  static async login(index: number, options: LoginOptions): Promise<LoadSession> {
    const session = await LoadSession.connect(index, options);
    await session.ask(header, "</stream:features>");
    if (options.upgrades === true) {
      await session.#startTls();
      await session.ask(header, "</stream:features>");
    }
    if (options.mechanism === "PLAIN") await session.#plain();
    else await session.#scram();
    await session.ask(header, "</stream:features>");
    const bound = await session.ask(bind, "</iq>");
    if (!bound.includes("result")) throw new Error(`${bareJid(index)} could not bind: ${bound}`);
    return session;
  }

  /** Sends initial presence and waits until everything that it brings about is over. */
  async becomeAvailable(): Promise<void> {
    this.write("<presence/>");
    await this.ping();
  }

  write(xml: string): boolean {
    return this.#socket.write(xml, "latin1");
  }

  /** Bytes that the operating system has not taken yet. */
  get unsent(): number {
    return this.#socket.writableLength;
  }

  /** Resolves when the operating system has taken what was written. */
  async drained(): Promise<void> {
    await once(this.#socket, "drain");
  }

  /** When it resolves, the server has dealt with everything sent before. */
  async ping(): Promise<void> {
    const id = `p${randomBytes(6).toString("hex")}`;
    await this.ask(`<iq type='get' id='${id}' to='${domain}'><ping xmlns='urn:xmpp:ping'/></iq>`, id);
  }

  /** Sends text and resolves with what came since, once one of the marks is in it. */
  ask(xml: string, ...marks: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no ${marks.join(" or ")} in: ${this.#text.slice(-300)}`)),
        patienceMs,
      );
      this.#awaited = {
        marks,
        resolve: (text) => {
          clearTimeout(timer);
          resolve(text);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#text = "";
      this.write(xml);
    });
  }

  /** Ends the stream; resolves when the server has let the connection go, too. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.onBytes = null;
    // Some servers reset what they have closed: it is gone all the same.
    const closed = new Promise<void>((resolve) => this.#socket.once("close", () => resolve()));
    this.#socket.end("</stream:stream>");
    await closed;
  }

  /** Is gone without a word. */
  drop(): void {
    this.onBytes = null;
    this.#socket.destroy();
  }

  /** Was the TLS session resumed? */
  get isResumed(): boolean {
    return this.#socket instanceof tls.TLSSocket && this.#socket.isSessionReused();
  }

  #watch(): void {
    const socket = this.#socket;
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.isClosed = true;
      this.#awaited?.reject(new Error(`${bareJid(this.index)} lost its connection: ${this.#text.slice(-300)}`));
    });
  }

  async #startTls(): Promise<void> {
    await this.ask(`<starttls xmlns='${startTls}'/>`, `<proceed xmlns='${startTls}'/>`);
    const secure = tls.connect({ socket: this.#socket, ...trusting });
    this.#socket = secure;
    secure.on("data", (bytes: Buffer) => this.#received(bytes, bytes.length));
    this.#watch();
    await once(secure, "secureConnect");
  }

  #received(bytes: Buffer, length: number): boolean {
    if (this.onBytes !== null) {
      this.onBytes(bytes, length);
      return true;
    }
    this.#text += bytes.toString("latin1", 0, length);
    const awaited = this.#awaited;
    if (awaited !== null && awaited.marks.some((mark) => this.#text.includes(mark))) {
      this.#awaited = null;
      awaited.resolve(this.#text);
    }
    return true;
  }

  async #plain(): Promise<void> {
    const message = Buffer.from(`\0${localPart(this.index)}\0${password}`).toString("base64");
    await this.#authenticate(`<auth xmlns='${sasl}' mechanism='PLAIN'>${message}</auth>`);
  }

  // RFC 5802 5; the keys of one salt are derived once, since the accounts of a run share it.
  async #scram(): Promise<void> {
    const bare = `n=${localPart(this.index)},r=${randomBytes(18).toString("base64")}`;
    const first = Buffer.from(`n,,${bare}`).toString("base64");
    const answer = await this.ask(
      `<auth xmlns='${sasl}' mechanism='SCRAM-SHA-1'>${first}</auth>`,
      "</challenge>",
      "</failure>",
    );
    const serverFirst = Buffer.from(contentOf(answer, "challenge"), "base64").toString("latin1");
    const fields = new Map(serverFirst.split(",").map((field) => [field[0], field.slice(2)]));
    const keys = keysFor(fields.get("s") ?? "", Number(fields.get("i")));
    const withoutProof = `c=biws,r=${fields.get("r")}`;
    const authMessage = `${bare},${serverFirst},${withoutProof}`;
    const signature = hmac(keys.stored, authMessage);
    const proof = Buffer.from(keys.client.map((byte, index) => byte ^ signature[index]!)).toString("base64");
    const response = Buffer.from(`${withoutProof},p=${proof}`).toString("base64");
    const success = await this.#authenticate(`<response xmlns='${sasl}'>${response}</response>`);
    const verifier = Buffer.from(`v=${hmac(keys.server, authMessage).toString("base64")}`).toString("base64");
    if (contentOf(success, "success") !== verifier) throw new Error("the server's signature is wrong");
  }

  async #authenticate(xml: string): Promise<string> {
    const answer = await this.ask(
      xml,
      "</success>",
      "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
      "</failure>",
    );
    if (!answer.includes("<success")) throw new Error(`${bareJid(this.index)} could not log in: ${answer}`);
    return answer;
  }
}

const contentOf = (xml: string, name: string): string =>
  new RegExp(`<${name}[^>]*>([^<]*)</${name}>`).exec(xml)?.[1] ?? "";

const hmac = (key: Buffer, data: string): Buffer => createHmac("sha1", key).update(data).digest();

interface ClientKeys {
  readonly client: Buffer;
  readonly stored: Buffer;
  readonly server: Buffer;
}
const keysBySalt = new Map<string, ClientKeys>();

function keysFor(salt: string, iterations: number): ClientKeys {
  const key = `${salt} ${iterations}`;
  let keys = keysBySalt.get(key);
  if (keys === undefined) {
    const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), iterations, 20, "sha1");
    const client = hmac(salted, "Client Key");
    const stored = createHash("sha1").update(client).digest();
    keys = { client, stored, server: hmac(salted, "Server Key") };
    keysBySalt.set(key, keys);
  }
  return keys;
}

/** Runs `work` for 0 … count-1, at most `width` at a time. */
export async function concurrently<T>(count: number, width: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      results[index] = await work(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
  return results;
}

/** Logs in accounts `first` … `first + count - 1`. */
export const loginMany = (count: number, options: LoginOptions, first = 0): Promise<LoadSession[]> =>
  concurrently(count, 20, (index) => LoadSession.login(first + index, options));

export const closeAll = (sessions: readonly LoadSession[]): Promise<unknown> =>
  Promise.all(sessions.map((session) => session.close()));

/** Resolves when `isEnough` holds, or after `patienceMs` all the same. */
export async function until(isEnough: () => boolean): Promise<void> {
  for (const giveUpAt = performance.now() + patienceMs; !isEnough() && performance.now() < giveUpAt;) await pause(1);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
