/** An external component (XEP-0114) and a client written by others talk; both outlive a kill of the server. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { xml, type Client } from "@xmpp/client";
import { Component } from "../support/component.ts";
import { freePort } from "../support/ports.ts";
import { TestServer } from "../support/server.ts";
import { trustCertificateOf } from "../support/trust.ts";
import { client } from "../support/xmpp-js.ts";

type Element = ReturnType<typeof xml>;

const secret = "only the weather bot knows";
const domain = "weather.localhost";
let server: TestServer;
let port: number;
let one: Client | null = null;

before(async () => {
  port = await freePort();
  server = await TestServer.start({
    env: {
      NIGHTPOST_STARTTLS: "required",
      NIGHTPOST_PLAIN_WITHOUT_TLS: "false",
      NIGHTPOST_COMPONENT_PORT: String(port),
    },
  });
  trustCertificateOf(server);
  await server.register("romeo", "a long password");
  const file = join(server.data, "weather.secret");
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  const components = [{ domain: "weather.@HOST@", name: "Weather", secret_file: file }];
  await server.api.modules.set({ name: "components", setting: { enabled: true, options: { components } } });
});

after(async () => {
  await one?.stop();
  await server.stop();
});

/** Asks the bot, which answers, and returns what comes back. */
async function talk(bot: Component): Promise<Element> {
  one = client({
    service: `xmpp://127.0.0.1:${server.c2sPort}`,
    domain: "localhost",
    username: "romeo",
    password: "a long password",
    resource: "test",
  });
  one.reconnect.stop();
  one.on("error", () => undefined);
  const answer = new Promise<Element>((resolve) => {
    one!.on("stanza", (stanza: Element) => {
      if (stanza.is("message")) resolve(stanza);
    });
  });
  await one.start();
  await one.send(xml("message", { to: `verona@${domain}`, type: "chat" }, xml("body", {}, "How is it?")));
  const asked = await bot.until("</message>");
  const from = / from='(romeo@localhost\/test[^']*)'/.exec(asked)?.[1];
  assert.ok(from !== undefined, asked);
  assert.match(asked, /<body>How is it\?<\/body>/);
  bot.send(`<message from='verona@${domain}' to='${from}' type='chat'><body>Hot.</body></message>`);
  return answer;
}

test("a bot answers a client, also after kill -9 of the server", async () => {
  const { items } = await server.api.server.listeners();
  assert.deepEqual(
    items.filter(({ name }) => name === "component"),
    [{ name: "component", address: "127.0.0.1", port, tls: "none", error: null }],
  );
  const before = await talk(await Component.connect(port, domain, secret));
  assert.equal(before.getChildText("body"), "Hot.");
  await one!.stop();
  await server.kill();
  await server.run();
  const again = await talk(await Component.connect(port, domain, secret));
  assert.equal(again.attrs["from"], `verona@${domain}`);
});
