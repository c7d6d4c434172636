import { describe, expect, test } from "vitest";
import { csvDocument } from "./csv-document.ts";
import { type CsvMapping, guessMapping, plainMapping, separatorOf } from "./csv-mapping.ts";
import { CsvError } from "./csv.ts";

async function* pieces(text: string): AsyncGenerator<string> {
  for (let start = 0; start < text.length; start += 7) yield text.slice(start, start + 7);
}

async function read(text: string, mapping: CsvMapping) {
  const faults: string[] = [];
  const document = await Array.fromAsync(
    csvDocument(pieces(text), mapping, ({ line, reason }) => faults.push(`${line}: ${reason}`)),
  );
  return { hosts: document.slice(1, -1), faults };
}

const wide: CsvMapping = {
  separator: ";",
  hasHeader: true,
  columns: ["name", null, "address", "password", "email"],
  host: "",
};

describe("a table becomes a document", () => {
  test.each<[string, string, CsvMapping, string[]]>([
    [
      "user,host,password",
      "ada,a.example,secret\n",
      plainMapping,
      [`<host jid="a.example"><user name="ada" password="secret"/></host>`],
    ],
    [
      "columns in another order, with what a vCard has",
      "Name;Room;JID;Pass;Mail\nAda L.;7;ada@a.example;s;ada@work.example\n",
      wide,
      [
        `<host jid="a.example"><user name="ada" password="s"><vCard xmlns="vcard-temp"><FN>Ada L.</FN><EMAIL><USERID>ada@work.example</USERID></EMAIL></vCard></user></host>`,
      ],
    ],
    [
      "users of one host, without passwords",
      "ada\nbob\n",
      { ...plainMapping, columns: ["user"], host: "a.example" },
      [`<host jid="a.example"><user name="ada"/></host>`, `<host jid="a.example"><user name="bob"/></host>`],
    ],
    [
      "blanks at the ends of a password, and formulas, as they are",
      '"=1+1",a.example," =cmd|x "\n',
      plainMapping,
      [`<host jid="a.example"><user name="=1+1" password=" =cmd|x "/></host>`],
    ],
    [
      "markup as text",
      '"<b>",a.example,"&"""\n',
      plainMapping,
      [`<host jid="a.example"><user name="&lt;b&gt;" password="&amp;&quot;"/></host>`],
    ],
    [
      "a byte order mark and CRLF",
      "\uFEFFada,a.example,s\r\n",
      plainMapping,
      [`<host jid="a.example"><user name="ada" password="s"/></host>`],
    ],
  ])("%s", async (_what, text, mapping, hosts) => {
    expect(await read(text, mapping)).toEqual({ hosts, faults: [] });
  });
});

test("lines that make no account are told with their number", async () => {
  const text = 'ada,a.example\n,a.example,s\n"x\ny",,s\nbob,a.example,\nbob,a.example,s\n';
  expect(await read(text, plainMapping)).toEqual({
    hosts: [`<host jid="a.example"><user name="bob" password="s"/></host>`],
    faults: [
      "1: expected 3 fields: user,host,password",
      "2: there is no user name",
      "3: there is no host",
      "5: there is no password",
    ],
  });
});

test.each([
  ["a field without end", `${"x".repeat(70_000)}\n`, /^line 1: a field is longer/],
  ["a line of commas", `a,b,c\n${",".repeat(2000)}\n`, /^line 2: it has more than 1000 fields/],
  ["a quote that is not closed", 'ada,a.example,"s\n', /^line 1: a quoted field is not closed/],
])("%s ends it", async (_what, text, message) => {
  await expect(read(text, plainMapping)).rejects.toThrow(message);
  await expect(read(text, plainMapping)).rejects.toBeInstanceOf(CsvError);
});

test.each([
  ["user,host,password", ","],
  ["JID;Password;Name, first and last", ";"],
  ["a\tb\tc", "\t"],
  ["alone", ","],
])("%j is separated by %j", (line, separator) => {
  expect(separatorOf(line)).toBe(separator);
});

test.each([
  [["User", " HOST ", "password"], { hasHeader: true, columns: ["user", "host", "password"] }],
  [["Mail", "jid", "e-mail", "Notes"], { hasHeader: true, columns: ["email", "address", null, null] }],
  [["ada", "a.example", "s", "more"], { hasHeader: false, columns: ["user", "host", "password", null] }],
  [["ada@a.example", "s"], { hasHeader: false, columns: ["address", "password"] }],
  [["constructor"], { hasHeader: false, columns: ["user"] }],
])("%j is likely to mean %j", (first, mapping) => {
  expect(guessMapping(first, ",")).toEqual({ ...mapping, separator: ",", host: "" });
});
