/** A dry run of an import changes nothing, not even of accounts that it would bring up to date: no row of the store differs. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { environment, nightpost, type Outcome } from "../cli/nightpost.ts";
import { TestServer } from "../support/server.ts";
import { storeChecksums } from "../support/store-checksums.ts";

let server: TestServer;
const np = (...words: string[]): Promise<Outcome> => nightpost(environment(server.data), words, "");

before(async () => {
  server = await TestServer.start();
  await server.register("romeo", "what he has now");
});
after(() => server.stop());

const user = (name: string): string => `<user name="${name}" password="another one">
  <query xmlns="jabber:iq:roster"><item jid="nurse@localhost" subscription="both"/></query>
  <vCard xmlns="vcard-temp"><FN>${name}</FN></vCard>
  <query xmlns="jabber:iq:private"><a xmlns="x">kept</a></query>
  <offline-messages><message xmlns="jabber:client" from="nurse@localhost" to="${name}@localhost" type="chat"><body>!</body></message></offline-messages>
</user>`;
const contact = '<Item jid="nurse@localhost" askstatus="-1" recvstatus="-1" substatus="3" name="N"/>';
const openfireUser = (name: string): string =>
  `<User><Username>${name}</Username><Password>another one</Password><Roster>${contact}</Roster></User>`;

const files: Record<string, { words: string[]; content: string; creates: string; updates: string }> = {
  "XEP-0227": {
    words: ["import", "xep0227"],
    content: `<server-data xmlns="urn:xmpp:pie:0"><host jid="localhost">${user("romeo")}${user("juliet")}</host></server-data>`,
    creates: "1 created, 1 updated",
    updates: "0 created, 2 updated",
  },
  Openfire: {
    words: ["import", "openfire"],
    content: `<Openfire>${openfireUser("romeo")}${openfireUser("tybalt")}</Openfire>`,
    creates: "1 created, 1 updated",
    updates: "0 created, 2 updated",
  },
  CSV: {
    words: ["import", "csv"],
    content: "romeo,localhost,another one\nabram,localhost,another one\n",
    creates: "1 created, 1 updated",
    updates: "0 created, 2 updated",
  },
};

for (const [kind, { words, content, creates, updates }] of Object.entries(files)) {
  test(`${kind}: what the dry run tells is what the import then does, and until then nothing changes`, async () => {
    const file = join(server.data, `import-${words[1]}`);
    writeFileSync(file, content);
    const was = storeChecksums(server.data);
    const tried = await np(...words, file, "--update", "--dry-run");
    assert.match(tried.stdout, new RegExp(`^${creates}.*nothing was changed`), tried.stderr);
    assert.deepEqual(storeChecksums(server.data), was);
    const done = await np(...words, file, "--update");
    assert.match(done.stdout, new RegExp(`^${creates}`), done.stderr);
    assert.notDeepEqual(storeChecksums(server.data), was);
    assert.match((await np(...words, file, "--update", "--dry-run")).stdout, new RegExp(`^${updates}`));
  });
}
