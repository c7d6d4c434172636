/** Readers that are servers: whatever one stranger sends, the next one is served, and nothing is complained of. */
import assert from "node:assert/strict";
import { permissions } from "../../lib/contracts/permissions.ts";
import { contractEntries } from "../../server/admin/dispatch.ts";
import { adminTestServer } from "../../server/admin/testing.ts";
import { header, plainAuth, streamTestServer } from "../../server/core/testing-streams.ts";
import { modules } from "../../server/modules/index.ts";
import { RawClient } from "../../server/net/testing.ts";
import { assertQuiet, type Target } from "./target.ts";

const host = "capulet.example";

const streamWords =
  "<iq type='get' id='1'> </iq> <presence/> <message to='romeo@capulet.example'> </message> <r xmlns='urn:xmpp:sm:3'/> <enable xmlns='urn:xmpp:sm:3' resume='true'/> <resume xmlns='urn:xmpp:sm:3' previd='x' h='0'/> <a xmlns='urn:xmpp:sm:3' h='1'/> <inactive xmlns='urn:xmpp:csi:0'/> </stream:stream> type='set' type='error' <query xmlns='jabber:iq:roster'/> <bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/> to='' from='x'"
    .split(" <")
    .map((word, index) => (index === 0 ? word : `<${word}`));

/** The stream's state machine, before (`sasl2`) or after (`stream`) a login. */
async function streams(name: "sasl2" | "stream"): Promise<Target> {
  const server = await streamTestServer({
    modules,
    passwords: { [`juliet@${host}`]: "secret", [`romeo@${host}`]: "secret" },
    settings: { starttls: "optional", plainWithoutTls: true },
  });
  const begin = async (): Promise<RawClient> => {
    const client = await RawClient.connect(server.port);
    client.send(header(host));
    if (name === "sasl2") return client;
    client.send(plainAuth("", "juliet", "secret"));
    await client.until("<success");
    client.send(`${header(host)}<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>`);
    await client.until("</iq>");
    return client;
  };
  return {
    name,
    words: streamWords,
    async run(input) {
      const client = await begin();
      client.send(input);
      client.send("</stream:stream>");
      client.socket.end();
      client.socket.on("error", () => undefined);
      await client.ended().catch(() => client.destroy());
      assertQuiet(server.complaints);
    },
    async check() {
      server.clock.advance(60_000);
      const client = await RawClient.connect(server.port);
      client.send(header(host) + plainAuth("", "romeo", "secret"));
      await client.until("<success");
      client.destroy();
    },
    stop: () => server.stop(),
  };
}

/** What ends this process, needs a store on a disk, or asks somebody on the network. */
const elsewhere = /^(?:server\.stop|backups\..*|certificates\.order|doctor\..*)$/;

/** Bodies of every entry of the admin API that takes one: no fault of ours, whatever is in them. */
async function bodies(): Promise<Target> {
  const server = await adminTestServer();
  const as = await server.key(permissions);
  const entries = [...contractEntries().values()].filter(
    ({ name, method, meta }) => method !== "GET" && meta.permission !== "public" && !elsewhere.test(name),
  );
  let next = 0;
  return {
    name: "api",
    words: [
      "{",
      "}",
      "[",
      "]",
      '"',
      ":",
      ",",
      "null",
      "true",
      "1e999",
      "-0",
      '"__proto__"',
      '"host"',
      '"policy"',
      '"a.example"',
      "\\u0000",
      "\\ud800",
    ],
    async run(input) {
      const entry = entries[next++ % entries.length]!;
      const path = entry.path.replaceAll(/\{\w+\}/g, "x%40a.example");
      const answer = await fetch(`${server.origin}/api/v1${path}`, {
        method: entry.method,
        headers: { ...as, "content-type": "application/json" },
        body: new Uint8Array(input),
      });
      await answer.arrayBuffer();
      assert.ok(answer.status < 500, `${entry.name}: ${answer.status}`);
      assertQuiet(server.complaints);
    },
    stop: () => server.stop(),
  };
}

export const servers: readonly { readonly name: string; readonly open: () => Promise<Target> }[] = [
  { name: "sasl2", open: () => streams("sasl2") },
  { name: "stream", open: () => streams("stream") },
  { name: "api", open: bodies },
];
