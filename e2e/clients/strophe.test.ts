/** A client written by others (strophe.js in a browser, over WebSocket and BOSH) chats, is told what it missed, and reads it again. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "@playwright/test";
import type * as Library from "strophe.js";
import { openBrowser } from "../support/browser.ts";
import { TestServer } from "../support/server.ts";

const password = "a long password";
const script = join(createRequire(import.meta.url).resolve("strophe.js/package.json"), "../dist/strophe.umd.min.js");
let server: TestServer;
let browser: Browser;

before(async () => {
  server = await TestServer.start();
  for (const name of ["romeo", "juliet"]) await server.register(name, password);
  browser = await openBrowser();
});

after(async () => {
  await browser.close();
  await server.stop();
});

interface Conversation {
  readonly service: string;
  readonly password: string;
  readonly texts: readonly [there: string, back: string, missed: string];
}

/** Runs in the page, where the library is. Resolves with what was read in the archive; rejects with what did not work. */
async function converse({ service, password: secret, texts }: Conversation): Promise<(string | undefined)[]> {
  const { $iq, $msg, $pres, Strophe } = window as unknown as typeof Library;
  type Connection = InstanceType<typeof Strophe.Connection>;
  const textOf = (element: Element, name: string): string | undefined =>
    element.getElementsByTagName(name)[0]?.textContent ?? undefined;

  const connect = (user: string, take: (message: Element) => void): Promise<Connection> =>
    new Promise((resolve, reject) => {
      const connection = new Strophe.Connection(service);
      connection.connect(`${user}@localhost/strophe`, secret, (status: number, condition: unknown) => {
        if (status === Strophe.Status.AUTHFAIL || status === Strophe.Status.CONNFAIL)
          reject(new Error(String(condition)));
        if (status !== Strophe.Status.CONNECTED) return;
        connection.addHandler((message: Element) => (take(message), true), "", "message", "");
        connection.send($pres());
        resolve(connection);
      });
    });
  const leave = (connection: Connection): Promise<void> =>
    new Promise((resolve) => {
      connection.connect_callback = (status: number) => status === Strophe.Status.DISCONNECTED && resolve();
      connection.disconnect("");
    });
  const ask = (connection: Connection, iq: ReturnType<typeof $iq>): Promise<Element> =>
    new Promise((resolve, reject) => {
      connection.sendIQ(iq, resolve, () => reject(new Error("an iq was refused")));
    });
  const ping = (connection: Connection): Promise<Element> =>
    ask(connection, $iq({ type: "get", to: "localhost" }).c("ping", { xmlns: "urn:xmpp:ping" }));
  const chat = (connection: Connection, to: string, body: string): void =>
    connection.send($msg({ to, type: "chat" }).c("body").t(body));
  const expecting = (body: string) => {
    const { promise: came, resolve } = Promise.withResolvers<Element>();
    return { came, take: (message: Element) => textOf(message, "body") === body && resolve(message) };
  };

  const [first, second, third] = texts.map(expecting);
  const juliet = await connect("juliet", first!.take);
  const romeo = await connect("romeo", second!.take);
  await ping(juliet);
  chat(romeo, "juliet@localhost", texts[0]);
  chat(juliet, (await first!.came).getAttribute("from") ?? "", texts[1]);
  await second!.came;

  await leave(juliet);
  chat(romeo, "juliet@localhost", texts[2]);
  await ping(romeo);
  const history: (string | undefined)[] = [];
  const again = await connect("juliet", (message) => {
    if (message.getElementsByTagName("result").length > 0) history.push(textOf(message, "body"));
    else third!.take(message);
  });
  if (textOf(await third!.came, "delay") === undefined) throw new Error("what was missed does not tell its time");
  const page = $iq({ type: "set" })
    .c("query", { xmlns: "urn:xmpp:mam:2" })
    .c("set", { xmlns: "http://jabber.org/protocol/rsm" });
  await ask(again, page.c("max").t("3").up().c("before"));
  await leave(again);
  await leave(romeo);
  return history;
}

for (const [scheme, path] of [
  ["ws", "xmpp-websocket"],
  ["http", "http-bind"],
] as const) {
  test(`at /${path}`, { timeout: 20_000 }, async () => {
    const page = await browser.newPage();
    await page.addScriptTag({ path: script });
    const service = `${scheme}://localhost:${server.httpPort}/${path}`;
    const texts = [`1 & <2> at ${path}`, `back at ${path}`, "二 🌙"] as const;
    assert.deepEqual(await page.evaluate(converse, { service, password, texts }), texts);
    await page.close();
  });
}
