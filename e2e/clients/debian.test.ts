/** Programs by others, as Debian has them: go-sendxmpp and sendxmpp, for scripts, and clients on slixmpp. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { until } from "../support/ports.ts";
import { Program } from "../support/program.ts";
import { TestServer } from "../support/server.ts";
import { slixmppSays } from "../support/slixmpp.ts";

const password = "a long password";
const slixmpp = fileURLToPath(new URL("slixmpp-client.py", import.meta.url));
let server: TestServer;
let certificate: string;

before(async () => {
  server = await TestServer.start({ env: { NIGHTPOST_STARTTLS: "required", NIGHTPOST_PLAIN_WITHOUT_TLS: "false" } });
  for (const name of ["romeo", "juliet", "nurse", "friar"]) await server.register(name, password);
  certificate = join(server.data, "certificates/localhost.pem");
});

after(() => server.stop());

const goSendxmpp = (user: string, ...more: string[]): Program =>
  new Program(
    "go-sendxmpp",
    ["-u", `${user}@localhost`, "-p", password, "-j", `localhost:${server.c2sPort}`, ...more],
    { SSL_CERT_FILE: certificate },
  );

const sendxmpp = (user: string, to: string): Program => {
  const login = ["-u", user, "-p", password, "-j", `localhost:${server.c2sPort}`];
  return new Program("sendxmpp", ["-t", "-a", certificate, ...login, to]);
};

const isOnline = async (user: string): Promise<boolean> =>
  (await server.api.sessions.list({ search: `${user}@` })).items.length > 0;

test("go-sendxmpp and sendxmpp write to somebody who listens, and to somebody who is away", async () => {
  await goSendxmpp("nurse", "friar@localhost").run("Is he there?\n");
  const listening = goSendxmpp("friar", "-l");
  await listening.says("nurse@localhost: Is he there?");
  await until(() => isOnline("friar"), "the friar is online");
  await sendxmpp("nurse", "friar@localhost").run("1 & <2>\n");
  await listening.says("nurse@localhost: 1 & <2>");
  await goSendxmpp("nurse", "friar@localhost").run("二 🌙\n");
  await listening.says("nurse@localhost: 二 🌙");
  await listening.stop();
});

test("two clients on slixmpp chat, miss a message and read the archive", async () => {
  assert.deepEqual(await slixmppSays(slixmpp, String(server.c2sPort), certificate), [
    "juliet reads 1 & <2>",
    "romeo reads 二 🌙",
    "juliet reads missed, stamped: True",
    "archive: 1 & <2>, 二 🌙, missed",
  ]);
});
