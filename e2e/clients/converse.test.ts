/** A client written by others (converse.js in a browser): chats, meets others in a room, shows a file, and knows it all after a reload. */
import assert from "node:assert/strict";
import { createReadStream, existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, extname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "@playwright/test";
import { openBrowser } from "../support/browser.ts";
import { TestServer } from "../support/server.ts";

const password = "a long password";
const room = "coven@conference.localhost";
const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".js": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};
const library = dirname(fileURLToPath(import.meta.resolve("converse.js")));
let server: TestServer;
let site: Server;
let browser: Browser;

before(async () => {
  server = await TestServer.start();
  for (const name of ["romeo", "juliet"]) await server.register(name, password);
  site = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const file = join(library, pathname);
    if (pathname === "/") response.setHeader("content-type", "text/html").end(pageFor(searchParams.get("user") ?? ""));
    else if (!file.startsWith(library) || !existsSync(file)) response.writeHead(404).end();
    else createReadStream(file).pipe(response.setHeader("content-type", types[extname(file)] ?? "text/plain"));
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  browser = await openBrowser();
});

after(async () => {
  await browser.close();
  site.close();
  await server.stop();
});

/** What somebody who puts the client on a page of their own writes. */
function pageFor(user: string): string {
  const settings = {
    authentication: "login",
    auto_login: true,
    // Without a resource this client takes a new one at each reload, resumes the old session under it, and gets invalid-from.
    jid: `${user}@localhost/page`,
    password,
    websocket_url: `ws://localhost:${server.httpPort}/xmpp-websocket`,
    discover_connection_methods: false,
    allow_non_roster_messaging: true,
    assets_path: "/",
    i18n: "en",
    view_mode: "fullscreen",
    whitelisted_plugins: ["test"],
  };
  return `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/converse.min.css">
<body class="converse-fullscreen"><script type="module">
import "/converse.min.js";
converse.plugins.add("test", { initialize() { window.api = this._converse.api; } });
converse.initialize(${JSON.stringify(settings)});
</script></body>`;
}

interface ConverseApi {
  waitUntil(event: "connected"): Promise<void>;
  readonly chats: { open(jid: string, attributes: object, force: boolean): Promise<unknown> };
  readonly rooms: { open(jid: string, attributes: object, force: boolean): Promise<unknown> };
}

async function open(user: string): Promise<Page> {
  // Files are uploaded to the server's own certificate.
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(`http://localhost:${(site.address() as AddressInfo).port}/?user=${user}`);
  await connected(page);
  return page;
}

async function connected(page: Page): Promise<void> {
  await page.waitForFunction(() => "api" in window);
  await page.evaluate(() => (window as unknown as { api: ConverseApi }).api.waitUntil("connected"));
}

function openChat(page: Page, jid: string): Promise<unknown> {
  return page.evaluate(async (to) => {
    await (window as unknown as { api: ConverseApi }).api.chats.open(to, {}, true);
  }, jid);
}

function enter(page: Page, nick: string): Promise<unknown> {
  return page.evaluate(
    async ([jid, name]) => {
      await (window as unknown as { api: ConverseApi }).api.rooms.open(jid!, { nick: name }, true);
    },
    [room, nick],
  );
}

async function say(page: Page, text: string): Promise<void> {
  const field = page.locator("textarea.chat-textarea:visible");
  await field.fill(text);
  await field.press("Enter");
}

const shown = (page: Page, text: string): Promise<void> =>
  page.locator(".chat-msg__text:visible", { hasText: text }).first().waitFor();

test(
  "chats, meets in a room, uploads, and knows it in another browser and after a reload",
  { timeout: 120_000 },
  async () => {
    const romeo = await open("romeo");
    const juliet = await open("juliet");
    // Both windows first: this client does not draw what comes while it opens one.
    await openChat(juliet, "romeo@localhost");
    await openChat(romeo, "juliet@localhost");
    await say(romeo, "1 & <2>");
    await shown(juliet, "1 & <2>");
    await say(juliet, "二 🌙");
    await shown(romeo, "二 🌙");

    const picture = await romeo.screenshot({ clip: { x: 0, y: 0, width: 40, height: 40 } });
    await romeo.locator("input[type=file]").setInputFiles({ name: "moon.png", mimeType: "image/png", buffer: picture });
    const image = juliet.locator(".chat-msg img.chat-image");
    await image.waitFor();
    await juliet.waitForFunction(() => document.querySelector<HTMLImageElement>("img.chat-image")?.naturalWidth === 40);

    await enter(romeo, "romeo");
    await enter(juliet, "juliet");
    await say(romeo, "When shall we three meet again?");
    await shown(juliet, "When shall we three meet again?");
    await say(juliet, "In thunder");
    await shown(romeo, "In thunder");

    await juliet.context().close();
    await say(romeo, "Fair is foul");
    await shown(romeo, "Fair is foul");
    await openChat(romeo, "juliet@localhost");
    await say(romeo, "Where art thou?");
    await shown(romeo, "Where art thou?");

    // Another browser: what is shown there is what the server kept, also of when she was not there.
    const again = await open("juliet");
    await showsAll(again);
    assert.equal((await server.api.sessions.list({ search: "juliet" })).items[0]?.transport, "websocket");
    await again.reload();
    await connected(again);
    await showsAll(again);
  },
);

/** Juliet has all that was said, to her and in the room. */
async function showsAll(page: Page): Promise<void> {
  await openChat(page, "romeo@localhost");
  for (const text of ["1 & <2>", "二 🌙", "Where art thou?"]) await shown(page, text);
  await page.locator(".chat-msg:visible img.chat-image").waitFor();
  await enter(page, "juliet");
  for (const text of ["When shall we three meet again?", "In thunder", "Fair is foul"]) await shown(page, text);
}
