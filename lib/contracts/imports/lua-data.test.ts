import { describe, expect, it } from "vitest";
import { LuaDataError, luaTables, readLuaData } from "./lua-data.ts";
import { prosodyAccounts, prosodyDocument, prosodyRooms } from "./prosody-document.ts";

const one = (text: string) => readLuaData(text)[0]!;

describe("data of Prosody", () => {
  it.each([
    ['return { ["a"] = "x"; };', { a: "x" }],
    ['return {["a"]=1,["b"]=-2.5,["c"]=1e3,["d"]=0x1F}', { a: 1, b: -2.5, c: 1000, d: 31 }],
    ['return { ["t"] = true; ["f"] = false; ["n"] = nil; };', { t: true, f: false, n: null }],
    ['-- written by hand\nreturn { ["a"] = "x"; };', { a: "x" }],
    ["return { };", {}],
  ])("%s", (text, expected) => expect(Object.fromEntries(one(text).named)).toEqual(expected));

  it.each([
    ['"plain 你好"', "plain 你好"],
    [String.raw`"\228\189\160 and \"quotes\" and \\ and \n"`, '你 and "quotes" and \\ and \n'],
    [String.raw`"\xe4\xbd\xa0"`, "你"],
    ['"a\\\nb"', "a\nb"],
    ['""', ""],
  ])("the string %s", (text, expected) => expect(one(`return { ${text} };`).listed).toEqual([expected]));

  it("keeps the order of what has only a place, and what stands under false", () => {
    const table = one('return { "a"; { "b"; }; [3] = "c"; [false] = { ["v"] = 4; }; };');
    expect(table.listed).toMatchObject(["a", { listed: ["b"] }, "c"]);
    expect(table.meta).toMatchObject({ named: new Map([["v", 4]]) });
  });

  it("reads one item after the other", () => {
    expect(readLuaData('item({ "a"; });\nitem({ "b"; });\n').map(({ listed }) => listed)).toEqual([["a"], ["b"]]);
    expect(readLuaData("")).toEqual([]);
  });

  it.each([
    'return os.execute("rm -rf /");',
    "return function() end;",
    "x = 1",
    'return { ["a"] = b; };',
    'return { ["a" = 1; };',
    'return { "unfinished',
    "return {",
    "return 1;",
    "item({ }",
    `return ${"{".repeat(300)}${"}".repeat(300)};`,
  ])("refuses %s", (text) => expect(() => readLuaData(text)).toThrow(LuaDataError));
});

async function* inPieces(text: string, length: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

describe("data of Prosody that comes in pieces", () => {
  const list = 'item({ "a\\\nitem(b"; });\nitem({ ["n"] = "\\nitem("; });\n\nitem({ "c"; });\n';

  it.each([1, 2, 5, 1000])("is the same, %i characters at a time", async (length) => {
    expect(await Array.fromAsync(luaTables(inPieces(list, length)))).toEqual(readLuaData(list));
    expect(await Array.fromAsync(luaTables(inPieces('return {\n"x" };', length)))).toHaveLength(1);
  });

  it("is refused where it makes no sense, by its line in the file", async () => {
    const tables = luaTables(inPieces('item({ "a"; });\nitem({ "b"; });\nitem({ c });\n', 4));
    expect((await tables.next()).value).toMatchObject({ listed: ["a"] });
    expect((await tables.next()).value).toMatchObject({ listed: ["b"] });
    await expect(tables.next()).rejects.toThrow("line 3 is no data");
  });
});

describe("accounts of Prosody", () => {
  const files: Record<string, string> = {
    "data/old%2eexample/accounts/jul%2eiet.dat":
      'return { ["stored_key"] = "a510ab00b0a33c0f301baf7a960a5f1071e08292"; ["server_key"] = "c84745c5125ae3a431d9417903eda7c3c885da5f"; ["salt"] = "59fa"; ["iteration_count"] = 10000; };',
    "data/old%2eexample/blocklist/jul%2eiet.dat": 'return { ["tybalt@old.example"] = 1; [false] = { }; };',
    "data/old%2eexample/pep_urn%3ax/jul%2eiet.list":
      'item({ "text <1>"; ["attr"] = { ["xmlns"] = "urn:x"; ["urn:y\\1odd"] = "z"; }; ["name"] = "x"; ["key"] = "current"; });',
    "data/old%2eexample/roster/nobody.dat": "return { };",
    "data/plain/accounts/nurse.dat": 'return { ["password"] = "a&b\\0"; };',
    "data/plain/vcard/nurse.dat": "broken",
    "data/README": "",
  };
  const documentOf = async () => {
    const faults: string[] = [];
    const read = (path: string) => inPieces(files[path]!, 7);
    const pieces = prosodyDocument(prosodyAccounts(Object.keys(files)), read, ({ path }) => faults.push(path));
    return { text: (await Array.fromAsync(pieces)).join(""), faults };
  };

  it("become a XEP-0227 document, and what cannot be read is told", async () => {
    const { text, faults } = await documentOf();
    expect(faults).toEqual(["data/plain/vcard/nurse.dat"]);
    expect(text).toContain('<host jid="old.example"><user name="jul.iet"><scram-credentials');
    expect(text).toContain("<salt>NTlmYQ==</salt>");
    expect(text).toContain('<blocklist xmlns="urn:xmpp:blocking"><item jid="tybalt@old.example"/></blocklist>');
    expect(text).toContain('<items node="urn:x"><item id="current"><x xmlns="urn:x">text &lt;1&gt;</x></item></items>');
    expect(text).toContain('<host jid="plain"><user name="nurse" password="a&amp;b"></user></host></server-data>');
    expect(text).not.toContain("nobody");
  });

  it("are read as they are written: what is held does not grow with a list", async () => {
    let read = 0;
    const archive = async function* (): AsyncGenerator<string> {
      for (; read < 5000; read += 1)
        yield `item({ ["name"] = "message"; ["key"] = "${read}"; ["when"] = 1; ["attr"] = { }; });\n`;
    };
    const paths = ["data/plain/accounts/nurse.dat", "data/plain/archive/nurse.list"];
    const open = (path: string) => (path === paths[0] ? inPieces(files[path]!, 100) : archive());
    let written = 0;
    let most = 0;
    for await (const piece of prosodyDocument(prosodyAccounts(paths), open, () => undefined)) {
      written += piece.match(/<result /g)?.length ?? 0;
      most = Math.max(most, read - written);
    }
    expect(written).toBe(5000);
    expect(most).toBeLessThan(5);
  });
});

describe("rooms of Prosody", () => {
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<server-data xmlns="urn:xmpp:pie:0"><host jid="rooms.old.example">`;
  const fields =
    '<field var="muc#roomconfig_roomname"><value>The &lt;Lobby&gt;</value></field><field var="muc#roomconfig_membersonly"><value>1</value></field><field var="muc#roomconfig_publicroom"><value>0</value></field><field var="muc#roomconfig_roomsecret"><value>hush</value></field>';
  const data =
    '["_data"] = { ["name"] = "The <Lobby>"; ["members_only"] = true; ["hidden"] = true; ["password"] = "hush"; ["persistent"] = true; };';

  it.each([
    [
      "before 0.12",
      `return { ["jid"] = "lob.by@rooms.old.example"; ${data} ["_affiliations"] = { ["a@old.example"] = "owner"; }; };`,
    ],
    [
      "later",
      `return { ["_jid"] = "lob.by@rooms.old.example"; ${data} ["_affiliation_data"] = { }; ["a@old.example"] = "owner"; };`,
    ],
  ])("are read as they are written: %s", async (_name, text) => {
    const paths = ["data/rooms%2eold%2eexample/config/lob%2eby.dat", "data/rooms%2eold%2eexample/state/lob%2eby.dat"];
    const document = prosodyDocument(
      [],
      () => inPieces(text, 9),
      () => undefined,
      prosodyRooms(paths),
    );
    const whole = (await Array.fromAsync(document)).join("");
    expect(whole.startsWith(`${head}<room xmlns="urn:nightpost:rooms" name="lob.by">`)).toBe(true);
    expect(whole).toContain(fields);
    expect(whole).toContain('<item affiliation="owner" jid="a@old.example"/></query></room></host></server-data>');
  });

  it("keep what they are about, and where it is known who said so and when", async () => {
    const about = '["subject"] = "A & B"; ["subject_from"] = "x@rooms.h/Romeo"; ["subject_time"] = 1700000000;';
    const document = prosodyDocument(
      [],
      () => inPieces(`return { ["_data"] = { ${about} }; };`, 9),
      () => undefined,
      prosodyRooms(["rooms.h/config/x.dat"]),
    );
    expect((await Array.fromAsync(document)).join("")).toContain(
      '<message xmlns="jabber:client" type="groupchat" from="x@rooms.h/Romeo"><subject>A &amp; B</subject><delay xmlns="urn:xmpp:delay" stamp="2023-11-14T22:13:20.000Z"/></message></room>',
    );
  });

  it("that are none are left out", async () => {
    const document = prosodyDocument(
      [],
      () => inPieces("return { };", 3),
      () => undefined,
      prosodyRooms(["h/config/x.dat"]),
    );
    expect((await Array.fromAsync(document)).join("")).toContain('<host jid="h"></host></server-data>');
  });
});
