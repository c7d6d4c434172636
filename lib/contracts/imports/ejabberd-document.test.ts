import { describe, expect, it } from "vitest";
import { ejabberdDocument } from "./ejabberd-document.ts";
import { type DumpFile, EjabberdDump } from "./ejabberd-dump.ts";
import { ErlangDataError } from "./erlang-data.ts";

const now = Date.UTC(2026, 0, 1);

const fields: Readonly<Record<string, string>> = {
  passwd: "us,password",
  roster: "usj,us,jid,name,subscription,ask,groups,askmessage,xs",
  offline_msg: "us,timestamp,expire,from,to,packet",
  privacy: "us,default,lists",
  last_activity: "us,timestamp,status",
  archive_msg: "us,id,timestamp,peer,bare_peer,packet,nick,type",
  muc_room: "name_host,opts",
  pubsub_node: "nodeid,id,parents,type,owners,options",
  pubsub_item: "itemid,nodeidx,creation,modification,payload",
  motd: "server,packet",
};
const header = `{tables,[${Object.entries(fields)
  .map(([table, names]) => `{${table},[{record_name,${table}},{attributes,[${names}]}]}`)
  .join(",\n         ")}]}.\n`;

const juliet = `{<<"juliet">>,<<"h.example">>}`;
const known = `{passwd,${juliet},<<"secret">>}.\n`;

/** Read in pieces that end anywhere. */
function file(text: string, name = "all.dump"): DumpFile {
  const bytes = Buffer.from(text, "utf8");
  return {
    name,
    async *pieces() {
      for (let at = 0; at < bytes.length; at += 11) yield bytes.subarray(at, at + 11);
    },
    slice: async (start, end) => bytes.subarray(start, end),
  };
}

async function documentOf(...texts: string[]) {
  const faults: string[] = [];
  const dump = await EjabberdDump.of(texts.map((text, index) => file(text, `file${index}`)));
  const pieces = ejabberdDocument(dump, ({ place, reason }) => faults.push(`${place}: ${reason}`), now);
  return { text: (await Array.fromAsync(pieces)).join(""), faults };
}

describe("what ejabberd writes of its tables", () => {
  it.each([
    ["a password", `{passwd,${juliet},<<"a<b">>}.`, `<user name="juliet" password="a&lt;b"></user>`],
    ["one of ejabberd 2", `{passwd,{"juliet","h.example"},"pass"}.`, `<user name="juliet" password="pass">`],
    [
      "SHA-1 keys without a name",
      `{passwd,${juliet},{scram,<<"c3Q=">>,<<"c3Y=">>,<<"c2E=">>,4096}}.`,
      `mechanism="SCRAM-SHA-1"><iter-count>4096</iter-count><salt>c2E=</salt><server-key>c3Y=</server-key><stored-key>c3Q=</stored-key>`,
    ],
    [
      "keys by their kind, in a record each",
      `{passwd,{<<"juliet">>,<<"h.example">>,sha512},{scram,<<"c3Q=">>,<<"c3Y=">>,<<"c2E=">>,sha512,4096}}.`,
      `<user name="juliet"><scram-credentials xmlns="urn:xmpp:pie:0#scram" mechanism="SCRAM-SHA-512">`,
    ],
    [
      "a contact that was asked",
      `${known}{roster,{<<"juliet">>,<<"h.example">>,{<<"r">>,<<"h">>,<<>>}},${juliet},{<<"r">>,<<"h">>,<<>>},<<"R">>,none,out,[<<"G">>],<<>>,[]}.`,
      `<item jid="r@h" name="R" subscription="none" ask="subscribe"><group>G</group></item>`,
    ],
    [
      "somebody who asks",
      `${known}{roster,{<<"juliet">>,<<"h.example">>,{<<"r">>,<<"h">>,<<>>}},${juliet},{<<"r">>,<<"h">>,<<>>},<<>>,none,in,[],<<"please">>,[]}.`,
      `<user name="juliet" password="secret"><presence xmlns="jabber:client" type="subscribe" from="r@h"><status>please</status></presence>`,
    ],
    [
      "an element of ejabberd 2, without what its stream declared",
      `${known}{offline_msg,${juliet},{1700,0,5000},never,{jid,"r","h","","r","h",""},{jid},{xmlelement,"message",[{"from","r@h"},{"stream:x","1"},{"xml:lang","en"}],[{xmlelement,"body",[],[{xmlcdata,<<"hi">>}]},{xmlelement,"stream:error",[],[]}]}}.`,
      `<message xmlns="jabber:client" from="r@h" xml:lang="en"><body>hi</body><delay xmlns="urn:xmpp:delay" from="h.example" stamp="2023-11-14T22:13:20.005Z"/></message>`,
    ],
    [
      "a list that lets some things through",
      `${known}{privacy,${juliet},<<"L">>,[{<<"L">>,[{listitem,subscription,none,deny,1,false,false,true,false,false}]}]}.`,
      `<default name="L"/><list name="L"><item type="subscription" value="none" action="deny" order="1"><message/></item></list>`,
    ],
    [
      "when somebody was there last",
      `${known}{last_activity,${juliet},${now / 1000 - 60},<<"away">>}.`,
      `<query xmlns="jabber:iq:last" seconds="60">away</query>`,
    ],
    [
      "an archived message",
      `${known}{archive_msg,${juliet},<<"1700000000000005">>,{1700,0,5},{<<"r">>,<<"h">>,<<>>},{<<"r">>,<<"h">>,<<>>},{xmlel,<<"message">>,[],[]},<<>>,chat}.`,
      `<archive xmlns="urn:xmpp:pie:0#mam"><result xmlns="urn:xmpp:mam:2" id="1700000000000005"><forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" stamp="2023-11-14T22:13:20.000Z"/><message xmlns="jabber:client"/>`,
    ],
    [
      "items of a node, the oldest first",
      `${known}{pubsub_item,{<<"b">>,7},7,{{2,0,0},x},{{2,0,0},x},[{xmlel,<<"x">>,[],[]}]}.\n{pubsub_item,{<<"a">>,7},7,{{1,0,0},x},{{1,0,0},x},[{xmlel,<<"x">>,[],[]}]}.\n{pubsub_node,{{<<"juliet">>,<<"h.example">>,<<>>},<<"n">>},7,[],<<"pep">>,[],[{access_model,open},{max_items,infinity},{itemreply,none}]}.`,
      `<field var="pubsub#access_model"><value>open</value></field><field var="pubsub#max_items"><value>max</value></field></x></configure></pubsub><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="n"><item id="a"><x/></item><item id="b"><x/></item></items></pubsub>`,
    ],
    [
      "a room",
      `{muc_room,{<<"lobby">>,<<"rooms.h.example">>},[{title,<<"L">>},{persistent,true},{moderated,true},{members_by_default,false},{anonymous,false},{password_protected,true},{password,<<"p">>},{affiliations,[{{<<"juliet">>,<<"h.example">>,<<>>},owner},{{<<>>,<<"bad.example">>,<<>>},{outcast,<<"spam">>}}]}]}.`,
      `<item affiliation="owner" jid="juliet@h.example"/><item affiliation="outcast" jid="bad.example"><reason>spam</reason></item></query></room></host></server-data>`,
    ],
    [
      "what a room is about",
      `{muc_room,{<<"lobby">>,<<"rooms.h.example">>},[{persistent,true},{subject,[{text,<<"en">>,<<"Balconies & co">>}]},{subject_author,{<<"Romeo">>,{jid,<<"r">>,<<"h">>,<<>>,<<"r">>,<<"h">>,<<>>}}}]}.`,
      `<message xmlns="jabber:client" type="groupchat" from="lobby@rooms.h.example/Romeo"><subject>Balconies &amp; co</subject></message></room>`,
    ],
    [
      "what a room of ejabberd 17 is about",
      `{muc_room,{<<"lobby">>,<<"rooms.h.example">>},[{persistent,true},{subject,<<"Balconies">>},{subject_author,<<>>}]}.`,
      `<message xmlns="jabber:client" type="groupchat" from="lobby@rooms.h.example"><subject>Balconies</subject></message></room>`,
    ],
  ])("%s", async (_name, records, expected) => {
    const { text, faults } = await documentOf(`${header}${records}\n`);
    expect(text).toContain(expected);
    expect(faults).toEqual([]);
  });

  it.each([
    ["an expired message", `{offline_msg,${juliet},{1700,0,0},{1701,0,0},{jid},{jid},{xmlel,<<"message">>,[],[]}}.`],
    ["the mark of an account that was never used", `{last_activity,${juliet},1,<<"Registered but didn't login">>}.`],
    ["a room that goes with its last occupant", `{muc_room,{<<"r">>,<<"rooms.h">>},[{persistent,false}]}.`],
    ["data of an account that is not there", `{privacy,{<<"x">>,<<"h.example">>},<<"L">>,[{<<"L">>,[]}]}.`],
  ])("%s is left out", async (_name, record) => {
    const { text } = await documentOf(`${header}${known}${record}\n`);
    expect(text).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n<server-data xmlns="urn:xmpp:pie:0"><host jid="h.example"><user name="juliet" password="secret"></user></host></server-data>`,
    );
  });

  it("comes in several files, and owners without a password are accounts where there is none", async () => {
    const { text } = await documentOf(
      `{tables,[{privacy,[{attributes,[us,default,lists]}]}]}.\n{privacy,${juliet},none,[]}.\n`,
      `{tables,[{last_activity,[{attributes,[us,timestamp,status]}]}]}.\n{last_activity,{<<"a">>,<<"b.example">>},${now / 1000},<<>>}.\n`,
    );
    expect(text).toContain(
      `<host jid="b.example"><user name="a"><query xmlns="jabber:iq:last" seconds="0"/></user></host>`,
    );
    expect(text).toContain(`<host jid="h.example"><user name="juliet"></user></host>`);
  });

  it("comes with line breaks of two characters as well", async () => {
    const record = `{last_activity,${juliet},${now / 1000 - 60},<<"a.\\r\\nb">>}.\n`;
    const whole = `${header}${known}${record}`;
    const { text, faults } = await documentOf(whole.replaceAll("\n", "\r\n"));
    expect({ text, faults }).toEqual(await documentOf(whole));
    expect(text).toContain(`<user name="juliet" password="secret"><query xmlns="jabber:iq:last" seconds="60">a.`);
  });

  it("tells what it left out", async () => {
    const { text, faults } = await documentOf(
      `${header}${known}{motd,<<"h.example">>,x}.\n{roster,{<<"juliet">>,<<"h.example">>,x},oh no}.\nwhat is this.\n`,
    );
    expect(text).toContain(`<user name="juliet" password="secret"></user>`);
    expect(faults.map((fault) => fault.replace(/\d{3,}/, "N"))).toEqual([
      "file0, byte N: this is no Erlang term: what is this",
      "motd: 1 records are left out",
      expect.stringMatching(/^file0, byte N: this is no Erlang term: /),
    ]);
  });

  it("is refused where it is none", async () => {
    await expect(documentOf("<server-data/>")).rejects.toThrow(ErlangDataError);
    await expect(documentOf("")).rejects.toThrow("not what ejabberdctl dump writes");
  });
});
