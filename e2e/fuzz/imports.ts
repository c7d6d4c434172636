/** Accounts that somebody brings along: whatever a file holds, it is refused, or what became of it can be written again. */
import assert from "node:assert/strict";
import { csvDocument } from "../../lib/contracts/imports/csv-document.ts";
import { plainMapping } from "../../lib/contracts/imports/csv-mapping.ts";
import { CsvError } from "../../lib/contracts/imports/csv.ts";
import { LuaDataError, luaTables } from "../../lib/contracts/imports/lua-data.ts";
import { openfireDocument, openfireFacts } from "../../lib/contracts/imports/openfire-document.ts";
import { prosodyAccounts, prosodyDocument } from "../../lib/contracts/imports/prosody-document.ts";
import { XmlDataError } from "../../lib/contracts/imports/xml-elements.ts";
import { Import } from "../../server/admin/portability/import.ts";
import { testServer, type TestServer } from "../../server/core/testing.ts";
import { modules } from "../../server/modules/index.ts";
import { parseDocument } from "../../server/xmpp/document.ts";
import { StreamError } from "../../server/xmpp/errors.ts";
import { assertQuiet, refusingLater, type Target } from "./target.ts";

async function* inPieces(input: Buffer, size: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for (let at = 0; at < input.length; at += size) yield decoder.decode(input.subarray(at, at + size), { stream: true });
  yield decoder.decode();
}

const documentOf = async (pieces: AsyncIterable<string>): Promise<void> => {
  parseDocument(Buffer.from((await Array.fromAsync(pieces)).join("")));
};

/** Lines of a CSV file become a document that is XML. */
export const csvLines: Target = {
  name: "csv-import",
  words: ['"', '""', ",", "\r\n", "\r", "\n", "\ufeff", "user,host,password\n", "&", "<", "]]>", "\u0000", "\ud800"],
  run: (input) =>
    refusingLater([CsvError], () =>
      documentOf(csvDocument(inPieces(input, 1 + (input.length % 50)), plainMapping, () => undefined)),
    ),
};

/** Files of Prosody: one input is every file of an account. */
export const luaData: Target = {
  name: "lua-data",
  words: [
    "return {",
    "};",
    "item({",
    "});\n",
    '["a"]',
    "[1]",
    "[false]",
    "= ",
    '"',
    "\\n",
    "\\065",
    "\\\n",
    "true",
    "nil",
    "-1",
    "0x1f",
    "1e999",
    "--",
  ],
  async run(input) {
    const text = input.toString("latin1");
    const stores = ["accounts", "roster", "vcard", "private", "offline", "archive", "pep", "blocklist"];
    const paths = stores.map((store) => `capulet%2eexample/${store}/juliet.${store === "archive" ? "list" : "dat"}`);
    await refusingLater([LuaDataError], async () => void (await Array.fromAsync(luaTables(inPieces(input, 50)))));
    await documentOf(
      prosodyDocument(
        prosodyAccounts(paths),
        () => inPieces(Buffer.from(text), 50),
        () => undefined,
      ),
    );
  },
};

/** What Openfire's plugin writes. */
export const openfireUsers: Target = {
  name: "openfire-import",
  words: [
    "<Openfire>",
    "</Openfire>",
    "<User>",
    "</User>",
    "<Username>juliet</Username>",
    "<Password>",
    "</Password>",
    "<Roster>",
    "<Item jid='a@b' askstatus='0' recvstatus='1' substatus='3' name='",
    "<Group>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<!DOCTYPE",
    "&amp;",
    "&#x110000;",
    "&#0;",
    "\ud800",
  ],
  run: (input) =>
    refusingLater([XmlDataError], async () => {
      await openfireFacts(inPieces(input, 1 + (input.length % 50)));
      await documentOf(openfireDocument(inPieces(input, 1 + (input.length % 50)), "capulet.example"));
    }),
};

/** XEP-0227 documents, written into a store that is a new one for each batch. */
export async function xep0227(): Promise<Target> {
  const open = (): Promise<TestServer> => testServer({ modules, hosts: ["capulet.example"] });
  let server = await open();
  return {
    name: "xep0227",
    words: [
      "<server-data xmlns='urn:xmpp:pie:0'>",
      "<host jid='capulet.example'>",
      "<user name='juliet'>",
      "<user name='",
      "password='x'",
      "</user>",
      "</host>",
      "</server-data>",
      "<query xmlns='jabber:iq:roster'>",
      "<item jid='a@b' subscription='both'/>",
      "<offline-messages>",
      "<message xmlns='jabber:client' from='a@b'><delay xmlns='urn:xmpp:delay' stamp='2002-09-10T23:08:25Z'/></message>",
      "<vCard xmlns='vcard-temp'/>",
      "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='",
      "<archive xmlns='urn:xmpp:pie:0#mam'>",
      "<scram-credentials xmlns='urn:xmpp:pie:0#scram' mechanism='SCRAM-SHA-1'>",
      "<!DOCTYPE",
      "&amp;",
      "]]>",
    ],
    async run(input) {
      const wishes = { isDry: false, onConflict: "update", parts: [], hosts: {}, guard: () => undefined } as const;
      const one = new Import(server.core, wishes);
      await refusingLater([StreamError], async () => {
        for await (const piece of inPieces(input, 1 + (input.length % 700))) await one.write(piece);
        one.end();
      });
      assert.equal(one.held, 0);
      assertQuiet(server.complaints);
    },
    async check() {
      await server.stop();
      server = await open();
    },
    stop: () => server.stop(),
  };
}
