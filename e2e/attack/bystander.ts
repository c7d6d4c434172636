import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import type { TestServer } from "../support/server.ts";
import { child, text } from "../support/xml.ts";
import { XmppClient } from "../support/xmpp-client.ts";

const password = "correct horse";
const gapMs = 20;

/** Two people who chat while somebody else attacks: what they notice is what an attack costs. */
export class Bystanders {
  readonly #server: TestServer;
  readonly #from: XmppClient;
  readonly #to: XmppClient;
  #sent = 0;

  private constructor(server: TestServer, from: XmppClient, to: XmppClient) {
    this.#server = server;
    this.#from = from;
    this.#to = to;
  }

  static async meet(server: TestServer): Promise<Bystanders> {
    const clients: XmppClient[] = [];
    for (const user of ["amy", "ben"]) {
      await server.register(user, password);
      const client = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
      await client.login(user, password, { resource: "desk" });
      clients.push(client);
    }
    const [amy, ben] = clients;
    return new Bystanders(server, amy!, ben!);
  }

  /** Resident memory of the server, MiB. */
  get memory(): number {
    const status = readFileSync(`/proc/${this.#server.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }

  get openFiles(): number {
    return readdirSync(`/proc/${this.#server.pid}/fd`).length;
  }

  /** Milliseconds that one message takes from one to the other. */
  async exchange(): Promise<number> {
    this.#sent += 1;
    const body = `probe ${this.#sent}`;
    const at = performance.now();
    this.#from.send(`<message type='chat' to='ben@localhost/desk'><body>${body}</body></message>`);
    await this.#to.receive((element) => element.name === "message" && text(child(element, "body")) === body);
    return performance.now() - at;
  }

  /**
   * Chats for as long as the attack lasts. Rejects when a message is lost; asserts that p99 is within a second. Answers with
   * what was seen, for a report.
   */
  async during(attack: Promise<unknown>): Promise<string> {
    const times: number[] = [];
    let isOver = false;
    const over = attack.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      times.push(await this.exchange());
      await new Promise((resolve) => setTimeout(resolve, gapMs));
    }
    await over;
    times.sort((a, b) => a - b);
    const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
    assert.ok(at(0.99) < 1000, `p99 of ${times.length} messages is ${Math.round(at(0.99))} ms`);
    return `seen: p50 ${at(0.5).toFixed(1)}, p99 ${at(0.99).toFixed(1)} ms of ${times.length} messages`;
  }

  async part(): Promise<void> {
    await Promise.all([this.#from.close(), this.#to.close()]);
  }
}
