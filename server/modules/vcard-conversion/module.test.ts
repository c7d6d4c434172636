import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { message } from "../message/module.ts";
import { presence } from "../presence/module.ts";
import { pep } from "../pubsub/pep.ts";
import { outcome, publishing, pubsub } from "../pubsub/testing.ts";
import { roster } from "../roster/module.ts";
import { vcard } from "../vcard.ts";
import { toTemp, toVcard4 } from "./cards.ts";
import { vcardConversion } from "./module.ts";

const ROMEO = "romeo@montague.example";
const V4 = "urn:ietf:params:xml:ns:vcard-4.0";
const NODE = "urn:xmpp:vcard4";

let server: TestServer;
let romeo: TestClient;

beforeEach(async () => {
  server = await testServer({ modules: [roster, presence, message, vcard, pep, vcardConversion], accounts: [ROMEO] });
  romeo = await server.connect(`${ROMEO}/orchard`);
});

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const ask = async (xml: string): Promise<Stanza> => {
  romeo.send(xml);
  return (await romeo.sync()).find(({ kind }) => kind === "iq")!;
};
const card = async (): Promise<string> => {
  const answer = await ask("<iq type='get' id='v'><vCard xmlns='vcard-temp'/></iq>");
  return answer.type === "result" ? String(answer.payload) : outcome(answer);
};
const vcard4 = (content: string, options: Record<string, string> = {}): Promise<Stanza> =>
  ask(pubsub("set", publishing(NODE, "me", `<vcard xmlns='${V4}'>${content}</vcard>`, options)));

test("a vCard is published as vCard4", async () => {
  await ask(
    "<iq type='set' id='v'><vCard xmlns='vcard-temp'><FN>Romeo</FN><PHOTO><BINVAL>AA==</BINVAL></PHOTO></vCard></iq>",
  );
  const items = await ask(pubsub("get", `<items node='${NODE}'/>`));
  expect(String(items.payload)).toContain(`<vcard xmlns='${V4}'><fn><text>Romeo</text></fn></vcard>`);
});

test("a vCard4 for everybody becomes the vCard, which keeps what is its own", async () => {
  await ask("<iq type='set' id='v'><vCard xmlns='vcard-temp'><FN>Old</FN><MAILER>m</MAILER></vCard></iq>");
  expect(outcome(await vcard4("<fn><text>Romeo</text></fn>"))).toBe("result");
  expect(await card()).toBe("<vCard xmlns='vcard-temp'><FN>Romeo</FN><MAILER>m</MAILER></vCard>");
});

test("one for contacts does not", async () => {
  expect(outcome(await vcard4("<fn><text>Romeo</text></fn>", { access_model: "presence" }))).toBe("result");
  expect(await card()).toBe("item-not-found");
});

describe("properties, there and back", () => {
  test.each([
    ["<FN>R &amp; M</FN>", "<fn><text>R &amp; M</text></fn>"],
    ["<N><FAMILY>M</FAMILY><GIVEN>R</GIVEN></N>", "<n><surname>M</surname><given>R</given></n>"],
    ["<BDAY>1579-01-01</BDAY>", "<bday><date>1579-01-01</date></bday>"],
    [
      "<ADR><HOME/><STREET>S</STREET><PCODE>37100</PCODE><CTRY>Italy</CTRY></ADR>",
      "<adr><parameters><type><text>home</text></type></parameters><street>S</street><code>37100</code><country>Italy</country></adr>",
    ],
    [
      "<TEL><WORK/><CELL/><NUMBER>+39 045</NUMBER></TEL>",
      "<tel><parameters><type><text>work</text><text>cell</text></type></parameters><text>+39 045</text></tel>",
    ],
    ["<EMAIL><USERID>r@m.example</USERID></EMAIL>", "<email><text>r@m.example</text></email>"],
    ["<JABBERID>r@m.example</JABBERID>", "<impp><uri>xmpp:r@m.example</uri></impp>"],
    ["<GEO><LAT>45.4</LAT><LON>10.9</LON></GEO>", "<geo><uri>geo:45.4,10.9</uri></geo>"],
    ["<ORG><ORGNAME>M</ORGNAME><ORGUNIT>Sons</ORGUNIT></ORG>", "<org><text>M</text><text>Sons</text></org>"],
    ["<DESC>In love</DESC>", "<note><text>In love</text></note>"],
    ["<URL>https://m.example</URL>", "<url><uri>https://m.example</uri></url>"],
  ])("%s", (temp, modern) => {
    const old = Stanza.parse(`<vCard xmlns='vcard-temp'>${temp}</vCard>`).element;
    const current = Stanza.parse(`<vcard xmlns='${V4}'>${modern}</vcard>`).element;
    expect(String(toVcard4(old, null))).toBe(String(current));
    expect(String(toTemp(current, null))).toBe(String(old));
  });

  test("a number may be a URI", () => {
    const current = Stanza.parse(
      `<vcard xmlns='${V4}'><tel><uri>tel:+39</uri></tel><geo><uri>here</uri></geo></vcard>`,
    ).element;
    expect(String(toTemp(current, null))).toBe("<vCard xmlns='vcard-temp'><TEL><NUMBER>+39</NUMBER></TEL></vCard>");
  });
});
