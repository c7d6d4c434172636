import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../core/testing.ts";
import { privateXml } from "./private.ts";

let server: TestServer;
let romeo: TestClient;

beforeEach(async () => {
  server = await testServer({
    modules: [privateXml],
    accounts: ["romeo@montague.example", "juliet@montague.example"],
    policy(draft) {
      draft.modules["private"] = { enabled: true, options: { max_bytes: 1024 } };
    },
  });
  romeo = await server.connect("romeo@montague.example/orchard");
});

afterEach(() => server.stop());

const iq = (type: "get" | "set", content: string, to = ""): string =>
  `<iq type='${type}' id='p'${to && ` to='${to}'`}><query xmlns='jabber:iq:private'>${content}</query></iq>`;
const bookmarks =
  "<storage xmlns='storage:bookmarks'><conference jid='room@muc.example' name='A &amp; B' xml:lang='en'><nick>R</nick></conference></storage>";

test("gives back what it was given, by name and namespace", async () => {
  romeo.send(iq("set", `${bookmarks}<other xmlns='urn:o'>text</other>`));
  await romeo.expect(`<iq type='result' id='p' to='${romeo.jid}'/>`);
  romeo.send(iq("get", "<storage xmlns='storage:bookmarks'/>"));
  await romeo.expect(
    `<iq type='result' id='p' to='${romeo.jid}'><query xmlns='jabber:iq:private'>${bookmarks}</query></iq>`,
  );
  romeo.send(iq("get", "<storage xmlns='urn:o'/>"));
  await romeo.expect(
    `<iq type='result' id='p' to='${romeo.jid}'><query xmlns='jabber:iq:private'><storage xmlns='urn:o'/></query></iq>`,
  );
});

test("gives it back to the byte", async () => {
  const notes = `<notes  xmlns = "urn:n" b='2' a="1" ><n x="&gt;" />&#x41;\t<![CDATA[</notes>]]></notes>`;
  romeo.send(iq("set", notes));
  await romeo.sync();
  romeo.send(iq("get", "<notes xmlns='urn:n'/>"));
  expect((await romeo.texts())[0]).toContain(`<query xmlns='jabber:iq:private'>${notes}</query>`);
});

test.each([
  ["of somebody else", iq("get", "<a xmlns='urn:a'/>", "juliet@montague.example"), "forbidden"],
  ["for somebody else", iq("set", "<a xmlns='urn:a'/>", "juliet@montague.example"), "forbidden"],
  ["of nothing", iq("get", ""), "not-acceptable"],
  ["of two at once", iq("get", "<a xmlns='urn:a'/><b xmlns='urn:a'/>"), "not-acceptable"],
  ["for nothing", iq("set", ""), "bad-request"],
  ["in the namespace of the query", iq("set", "<a/>"), "not-acceptable"],
  ["for more than fits", iq("set", `<a xmlns='urn:a'>${"x".repeat(1024)}</a>`), "policy-violation"],
])("%s is refused", async (_, xml, condition) => {
  romeo.send(xml);
  const [answer] = await romeo.sync();
  expect(answer!.child("error")?.payload?.name).toBe(condition);
});
