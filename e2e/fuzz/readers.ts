/** Readers that are functions: text or bytes in, a value or a refusal out. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseErlangTerm } from "../../lib/contracts/erlang-term.ts";
import { CsvError } from "../../lib/contracts/imports/csv.ts";
import { ejabberdDocument } from "../../lib/contracts/imports/ejabberd-document.ts";
import { EjabberdDump } from "../../lib/contracts/imports/ejabberd-dump.ts";
import { ErlangDataError, readErlangTerm } from "../../lib/contracts/imports/erlang-data.ts";
import { formatLine, parseLine, PolicyTextError } from "../../lib/contracts/policy-text.ts";
import { csvRecords } from "../../server/cli/csv.ts";
import { ConfigError, loadConfig } from "../../server/config/load.ts";
import { compileExpression } from "../../server/forward/rules/expression.ts";
import { compileTemplate, TemplateError } from "../../server/forward/templates/template.ts";
import { SaslError } from "../../server/modules/sasl/mechanism.ts";
import { parseClientFinal, parseClientFirst } from "../../server/modules/sasl/scram-message.ts";
import { readBody } from "../../server/net/bosh/body.ts";
import { readProxyHeader } from "../../server/net/proxy-header.ts";
import { byteRange } from "../../server/web/byte-range.ts";
import { parseDateTime } from "../../server/xmpp/datetime.ts";
import { parseDocument } from "../../server/xmpp/document.ts";
import { StreamError } from "../../server/xmpp/errors.ts";
import { parseForm } from "../../server/xmpp/forms.ts";
import { readIndependently } from "../../server/xmpp/independent-parser.ts";
import { Jid, JidError } from "../../server/xmpp/jid.ts";
import { parsePageWish } from "../../server/xmpp/rsm.ts";
import { HEADER, meaning, Recorder } from "../../server/xmpp/testing.ts";
import { refusing, type Target } from "./target.ts";

const xmlWords =
  "< > & ' \" = / ]]> <!-- --> <![CDATA[ <?xml?> <!DOCTYPE &amp; &lt; &#0; &#x41; &#xffff; &bogus; xmlns='' xmlns:p='u' p: xml:lang <message> </message> \u0000 \u00e9 \u{1f600} \ufffe".split(
    " ",
  );

/** The other parser leaves out white space around the name of a namespace; XML Names 1.0 (3) does not. */
const trimmed = /xmlns(?::[^\s=]+)?='(?:(?:\s|&#)|[^']*(?:\s|;)')/;

/** Whole or in pieces a stream is read alike, and what leaves the server is read alike by another parser. */
const xml: Target = {
  name: "xml",
  words: xmlWords,
  run(input) {
    const read = (size: number): { recorder: Recorder; condition: string | undefined } => {
      const recorder = new Recorder();
      recorder.write(HEADER);
      try {
        for (let at = 0; at < input.length; at += size) recorder.write(input.subarray(at, at + size));
      } catch (error) {
        if (!(error instanceof StreamError)) throw error;
        return { recorder, condition: error.condition };
      }
      return { recorder, condition: undefined };
    };
    const whole = read(input.length + 1);
    const pieces = read(1 + (input.length % 7));
    assert.deepEqual(pieces.recorder.texts, whole.recorder.texts);
    assert.equal(pieces.condition, whole.condition);
    for (const stanza of whole.recorder.stanzas) {
      const sent = stanza.with({ from: "romeo@montague.example/orchard" });
      if (trimmed.test(sent.toString().replaceAll('"', "'"))) continue;
      assert.deepEqual(readIndependently(sent.toString()).map(meaning), [meaning(sent.element)]);
    }
  },
};

/** What is an address once is the same address ever after (RFC 7622 3). */
const jid: Target = {
  name: "jid",
  words: ["@", "/", "\u00ad", "\u200b", "\u0301", "\uff21", "\u05d0", "\u3002", "xn--", ".", "\ud800", "%40", "\\40"],
  run(input) {
    const text = input.toString("utf8");
    refusing([JidError], () => {
      const once = Jid.parse(text);
      const again = Jid.parse(once.full);
      assert.equal(again.full, once.full);
      assert.equal(again.bare, once.bare);
      assert.ok(once.domain.length > 0 && Buffer.byteLength(once.full) <= 3071);
    });
  },
};

/** Elements that modules take apart. */
const payloads: Target = {
  name: "payloads",
  words: [
    ...xmlWords,
    "<field var='a'>",
    "<value>",
    "type='submit'",
    "<set xmlns='http://jabber.org/protocol/rsm'>",
    "<max>",
    "-1",
    "9".repeat(30),
    "2026-11-22T00:00:00Z",
  ],
  run(input) {
    refusing([StreamError], () => {
      const root = parseDocument(input);
      parseForm(root);
      parsePageWish(root);
      parseDateTime(root.text);
    });
  },
};

const scram: Target = {
  name: "scram",
  words: ["n,,", "y,,", "p=tls-exporter,,", "a=", "n=", "r=", "c=", "p=", "m=", "=2C", "=3D", ",", "biws"],
  run(input) {
    refusing([SaslError], () => void parseClientFirst(input));
    refusing([SaslError], () => void parseClientFinal(input));
  },
};

const bosh: Target = {
  name: "bosh",
  words: [
    ...xmlWords,
    "<body",
    "rid='1'",
    "sid='x'",
    "type='terminate'",
    "xmlns='http://jabber.org/protocol/httpbind'",
  ],
  run: (input) => refusing([StreamError], () => void readBody(input)),
};

const proxyHeader: Target = {
  name: "proxy-header",
  words: ["PROXY ", "TCP4 ", "TCP6 ", "UNKNOWN", "\r\n", "127.0.0.1 ", "::1 ", "65536", "\r\n\r\n\u0000\r\nQUIT\n"],
  run: (input) => void readProxyHeader(input),
};

const byteRanges: Target = {
  name: "byte-range",
  words: ["bytes=", "-", "0-", "-1", "9".repeat(30), ","],
  run(input) {
    const range = byteRange(input.toString("latin1"), 1000);
    if (range === null || range === "outside") return;
    assert.ok(range.start >= 0 && range.start <= range.end && range.end < 1000, JSON.stringify(range));
  },
};

/** What is written as text reads back as the same. */
const policyText: Target = {
  name: "policy-text",
  words: ["allow", "deny", "if ", " and ", "user", "ip", "acl", ":", "{", "}", "[", "]", '"', "all", "none", "\\", "~"],
  run(input) {
    const text = input.toString("utf8");
    refusing([PolicyTextError], () => {
      const line = parseLine(text);
      assert.deepEqual(parseLine(formatLine(line)), line);
    });
    refusing([PolicyTextError], () => void parseErlangTerm(text));
  },
};

/** Whatever a dump holds, what becomes of it is one document that is XML, or the dump is refused. */
const ejabberd: Target = {
  name: "ejabberd",
  words: [
    "{",
    "}",
    "[",
    "]",
    "|",
    ",",
    ".\n",
    "<<",
    ">>",
    '"',
    "'",
    "#{",
    "=>",
    "\\x{4f60}",
    "/utf8",
    "xmlel",
    "scram",
    "-1",
    "1.5e3",
  ],
  async run(input) {
    refusing([ErlangDataError], () => void readErlangTerm(input.toString("latin1")));
    const file = {
      name: "dump",
      async *pieces() {
        for (let at = 0; at < input.length; at += 100) yield input.subarray(at, at + 100);
      },
      slice: async (start: number, end: number) => input.subarray(start, end),
    };
    try {
      const document = ejabberdDocument(await EjabberdDump.of([file]), () => undefined, 0);
      parseDocument(Buffer.from((await Array.fromAsync(document)).join("")));
    } catch (error) {
      if (!(error instanceof ErlangDataError)) throw error;
    }
  },
};

const expression: Target = {
  name: "expression",
  words: [
    "message.",
    "body",
    "class",
    "==",
    "&&",
    "||",
    "!",
    "(",
    ")",
    "matches",
    "'a+'",
    "in",
    "[",
    "]",
    "?",
    ":",
    "1",
    "has",
    ".exists(x, ",
  ],
  run(input) {
    const compiled = compileExpression(input.toString("utf8"));
    if ("problem" in compiled) assert.ok(compiled.problem.line >= 1 && compiled.problem.message !== "");
  },
};

const template: Target = {
  name: "template",
  words: [
    "{{",
    "}}",
    "{%",
    "%}",
    "message.body",
    "| json",
    "for x in (1..100000)",
    "endfor",
    "if",
    "endif",
    "unread",
    "| append: ",
    "assign a = ",
  ],
  run(input) {
    const compiled = compileTemplate(input.toString("utf8"));
    if ("problem" in compiled) return;
    refusing([TemplateError], () => void compiled.render({ message: { body: "x", from: "a@b" } }));
  },
};

/** Readers of files share one file. */
function ofFile(name: string, words: readonly string[], read: (path: string) => void | Promise<void>): Target {
  const directory = mkdtempSync(join(tmpdir(), "nightpost-fuzz-"));
  const path = join(directory, name);
  return {
    name,
    words,
    async run(input) {
      writeFileSync(path, input);
      await read(path);
    },
    stop: async () => rmSync(directory, { recursive: true }),
  };
}

const config = (): Target =>
  ofFile(
    "config",
    ["c2s:", "http:", "port:", "\n  ", "- ", "&a", "*a", "<<:", "!!js", "{", "}", "1e999", "~", ": "],
    (path) => refusing([ConfigError], () => void loadConfig(path, {})),
  );

const csv = (): Target =>
  ofFile("csv", ['"', '""', ",", "\r\n", "\r", "\n", "\ufeff"], async (path) => {
    try {
      for await (const { fields } of csvRecords(path)) assert.ok(fields.length > 0);
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
    }
  });

export const readers = (): readonly Target[] => [
  xml,
  jid,
  payloads,
  scram,
  bosh,
  proxyHeader,
  byteRanges,
  policyText,
  ejabberd,
  expression,
  template,
  config(),
  csv(),
];
