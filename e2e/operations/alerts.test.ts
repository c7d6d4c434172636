/** What wants attention comes to whoever is told, by message: here it is forwarded to a pager, because they are not there. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { environment, nightpost, type Outcome } from "../cli/nightpost.ts";
import { TestServer } from "../support/server.ts";
import { Sink } from "../support/sink.ts";
import { XmppClient } from "../support/xmpp-client.ts";

let server: TestServer;
let web: Sink;
let pager: Sink;

const np = (...words: string[]): Promise<Outcome> => nightpost(environment(server.data), words, "");
const paged = (text: string) => pager.until(() => pager.requests.some(({ body }) => body.includes(text)));

before(async () => {
  [web, pager] = await Promise.all([new Sink().start(), new Sink().start()]);
  server = await TestServer.start();
  for (const user of ["romeo", "juliet", "operator"]) await server.register(user, `${user}'s long password`);
  const { forward } = server.api;
  const target = { kind: "webhook", preset: "json", allowPrivate: true } as const;
  await forward.setTarget({ name: "web", target: { ...target, url: web.url } });
  await forward.setTarget({ name: "pager", target: { ...target, url: pager.url } });
  await forward.setRules({
    rules: [
      { name: "pager", targets: ["pager"], recipients: ["operator@localhost"], last: true },
      { name: "web", targets: ["web"] },
    ],
  });
});
after(() => Promise.all([server.stop(), web.stop(), pager.stop()]));

test("nobody is told of anything until somebody is named", async () => {
  assert.match((await np("alerts", "show")).stdout, /^nobody is told\n$/);
  assert.equal((await np("alerts", "test")).code, 1);
  assert.equal((await np("alerts", "set", "@nobody")).code, 1);
  assert.equal((await np("alerts", "set", "operator@localhost", "--least", "info")).code, 2);
  assert.equal((await np("alerts", "set", "operator@localhost")).code, 0);
  assert.match((await np("alerts", "show")).stdout, /^operator@localhost: errors\n$/);
  assert.equal((await np("alerts", "test")).code, 0);
  await paged("will be told like this");
});

test("a web server that is gone is told, and that it is there again", async () => {
  web.status = 410;
  const romeo = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await romeo.login("romeo", "romeo's long password");
  romeo.send("<message to='juliet@localhost' type='chat'><body>good night</body></message>");
  await romeo.ping();
  await paged("Target web answered 410 Gone and is paused.");
  assert.match((await np("alerts", "show")).stdout, / {2}error {4}Target web answered 410 Gone and is paused\.\n$/);

  web.status = 200;
  assert.equal((await np("forward", "target", "resume", "web")).code, 0);
  await paged("Over: Target web answered 410 Gone and is paused.");
  assert.match((await np("alerts", "show")).stdout, /^operator@localhost: errors\n$/);
  assert.equal(pager.requests.length, 3);
  await romeo.close();
});
