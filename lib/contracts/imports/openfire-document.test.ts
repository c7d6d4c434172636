import { describe, expect, it } from "vitest";
import { openfireDocument, openfireFacts } from "./openfire-document.ts";
import { XmlDataError } from "./xml-elements.ts";

/** Read in pieces that end anywhere. */
async function* inPieces(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 7) yield text.slice(at, at + 7);
}

const file = (...users: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<!-- of 4.8 -->\n<Openfire>${users.map((user) => `\n  <User>${user}</User>`).join("")}\n</Openfire>\n`;
const item = (jid: string, ask: number, recv: number, sub: number, content = ""): string =>
  `<Item jid="${jid}" askstatus="${ask}" recvstatus="${recv}" substatus="${sub}" name="R &amp; J">${content}</Item>`;
const documentOf = async (text: string): Promise<string> =>
  (await Array.fromAsync(openfireDocument(inPieces(text), "h.example"))).join("");

const juliet = "<Username>juliet</Username>";

describe("what Openfire's plugin writes", () => {
  it.each([
    ["a password", `${juliet}<Password>a&lt;b&#x263a;</Password>`, '<user name="juliet" password="a&lt;b☺"/>'],
    [
      "characters as they are",
      `${juliet}<Password><![CDATA[a<b]]></Password>`,
      '<user name="juliet" password="a&lt;b"/>',
    ],
    ["no password", `${juliet}<Password/>`, '<user name="juliet"/>'],
    [
      "a name and an e-mail address",
      `${juliet}<Email>j@x.example</Email><Name>Juliet C.</Name><CreationDate>1125442154664</CreationDate>`,
      '<vCard xmlns="vcard-temp"><FN>Juliet C.</FN><EMAIL><USERID>j@x.example</USERID></EMAIL></vCard>',
    ],
    [
      "a contact with its groups",
      `${juliet}<Roster>${item("r@h.example", -1, -1, 3, "<Group>Lovers</Group><Group> </Group>")}</Roster>`,
      '<query xmlns="jabber:iq:roster"><item jid="r@h.example" name="R &amp; J" subscription="both"><group>Lovers</group></item></query></user>',
    ],
    [
      "a contact that was asked",
      `${juliet}<Roster>${item("r@h.example", 0, -1, 2)}</Roster>`,
      'subscription="from" ask="subscribe"/></query></user>',
    ],
    [
      "somebody who asks",
      `${juliet}<Roster>${item("r@h.example", -1, 1, 0)}</Roster>`,
      '<user name="juliet"><presence xmlns="jabber:client" type="subscribe" from="r@h.example"/></user>',
    ],
    [
      "a contact that was removed",
      `${juliet}<Roster>${item("r@h.example", -1, -1, -1)}</Roster>`,
      '<user name="juliet"/>',
    ],
  ])("%s", async (_name, user, expected) => {
    expect(await documentOf(file(user))).toContain(expected);
  });

  it("is accounts of one domain, and those without a name are left out", async () => {
    expect(await documentOf(file(juliet, "<Username> </Username>", "<Username>romeo</Username>"))).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<server-data xmlns="urn:xmpp:pie:0"><host jid="h.example"><user name="juliet"/><user name="romeo"/></host></server-data>',
    );
  });

  it("does not name its domain: most contacts have it", async () => {
    const roster = ["a@h.example", "b@h.example", "c@else.example"].map((jid) => item(jid, -1, -1, 3)).join("");
    expect(await openfireFacts(inPieces(file(`${juliet}<Roster>${roster}</Roster>`)))).toEqual({
      accounts: 1,
      domain: "h.example",
    });
    expect(await openfireFacts(inPieces(file(juliet)))).toEqual({ accounts: 1, domain: "" });
  });

  it.each([
    ["a DTD", `<!DOCTYPE x [<!ENTITY a "b">]><Openfire/>`],
    ["an end that fits nothing", "<Openfire><User></Openfire>"],
    ["no end", "<Openfire><User>"],
    ["no XML", "{tables,[]}."],
    ["depth", "<a>".repeat(200)],
  ])("is refused where it has %s", async (_name, text) => {
    await expect(documentOf(text)).rejects.toThrow(XmlDataError);
  });
});
