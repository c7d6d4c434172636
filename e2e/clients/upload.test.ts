/** A client written by others (@xmpp/client) uploads a file over HTTPS and somebody without an account reads it. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { xml } from "@xmpp/client";
import { TestServer } from "../support/server.ts";
import { trustCertificateOf } from "../support/trust.ts";
import { client } from "../support/xmpp-js.ts";

const ns = "urn:xmpp:http:upload:0";
let server: TestServer;

before(async () => {
  server = await TestServer.start({ env: { NIGHTPOST_STARTTLS: "required", NIGHTPOST_PLAIN_WITHOUT_TLS: "false" } });
  trustCertificateOf(server);
  await server.register("romeo", "a long password");
});
after(() => server.stop());

test("a file goes there and comes back, also after a restart", async () => {
  const romeo = client({
    service: `xmpp://localhost:${server.c2sPort}`,
    domain: "localhost",
    username: "romeo",
    password: "a long password",
  });
  romeo.on("error", () => undefined);
  await romeo.start();
  const file = Buffer.alloc(3_000_000, "nightpost ");
  const attrs = { xmlns: ns, filename: "très cool.png", size: String(file.length), "content-type": "image/png" };
  const iq = xml("iq", { type: "get", to: "upload.localhost" }, xml("request", attrs));
  const slot = (await romeo.iqCaller.request(iq)).getChild("slot", ns);
  await romeo.stop();
  const [put = "", get = ""] = ["put", "get"].map((name) => String(slot?.getChild(name)?.attrs["url"] ?? ""));
  assert.match(put, /^https:\/\/localhost:\d+\/upload\/[0-9a-f]{32}\/tr%C3%A8s%20cool\.png$/);
  const stored = await fetch(put, { method: "PUT", headers: { "content-type": "image/png" }, body: file });
  assert.equal(stored.status, 201);
  assert.equal(readdirSync(join(server.data, "uploads")).length, 1);

  await server.kill();
  await server.run();
  const whole = await fetch(get);
  assert.equal(whole.headers.get("content-type"), "image/png");
  assert.ok(Buffer.from(await whole.arrayBuffer()).equals(file));
  const part = await fetch(get, { headers: { range: "bytes=2999990-" } });
  assert.deepEqual([part.status, await part.text()], [206, "nightpost "]);
  assert.equal((await fetch(put, { method: "PUT", body: file })).status, 409);
});
