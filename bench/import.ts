import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, statSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { TestServer } from "../e2e/support/server.ts";
import { anonymousBytes } from "./counters.ts";
import { bareJid, domain, localPart } from "./session.ts";

/**
 * How long imports take, and the most memory that server and command have meanwhile: `nightpost import users` with a password each,
 * once more when all exist, and `nightpost import xep0227` with keys, of which every tenth account has contacts and an archive.
 *
 * `node bench/import.ts [--accounts N,N]`
 */
const { values } = parseArgs({ options: { accounts: { type: "string", default: "10000,100000" } } });
const cli = fileURLToPath(new URL("../server/cli/main.ts", import.meta.url));
const contacts = 20;
const messages = 50;
const keys =
  '<scram-credentials xmlns="urn:xmpp:pie:0#scram" mechanism="SCRAM-SHA-1"><iter-count>10000</iter-count><salt>QSXCR+Q6sek8bf92</salt><server-key>D+CSWLOshSulAsxiupA+qs2/fTE=</server-key><stored-key>6dlGYMOdZcOPutkcNY8U2g7vK9Y=</stored-key></scram-credentials>';

console.log("| | accounts | file, MB | s | server before, most, after, MB | command, most, MB |");
console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
for (const count of values.accounts.split(",").map(Number)) {
  const server = await TestServer.start();
  try {
    const csv = join(server.data, "users.csv");
    await pipeline(Readable.from(lines(count)), createWriteStream(csv));
    await imported(server, "users, created", count, ["users", csv]);
    await imported(server, "users, left alone", count, ["users", csv]);
  } finally {
    await server.stop();
  }
  const other = await TestServer.start();
  try {
    const xml = join(other.data, "accounts.xml");
    await pipeline(Readable.from(document(count)), createWriteStream(xml));
    await imported(other, "xep0227", count, ["xep0227", xml]);
  } finally {
    await other.stop();
  }
}

async function imported(
  server: TestServer,
  what: string,
  count: number,
  [command = "", file = ""]: string[],
): Promise<void> {
  const begin = performance.now();
  const before = anonymousBytes(server.pid);
  const args = [cli, "import", command, file, "--data", server.data];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  const most = { server: before, command: 0 };
  const look = setInterval(() => {
    most.server = Math.max(most.server, anonymousBytes(server.pid));
    if (child.exitCode === null) most.command = Math.max(most.command, anonymousBytes(child.pid ?? 0));
  }, 100);
  const [code] = (await once(child, "exit")) as [number];
  clearInterval(look);
  if (code !== 0) throw new Error(`the import ended with ${code}`);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  const { total } = await server.api.users.list({ limit: 1 });
  if (total === null || total < count) throw new Error(`${String(total)} accounts are there`);
  const mb = (bytes: number): number => Math.round(bytes / 2 ** 20);
  const memory = [before, most.server, anonymousBytes(server.pid)].map(mb).join(", ");
  console.log(`| ${what} | ${count} | ${mb(statSync(file).size)} | ${seconds} | ${memory} | ${mb(most.command)} |`);
}

function* lines(count: number): Generator<string> {
  for (let index = 0; index < count; index += 1) yield `${localPart(index)},${domain},secret-${index}\n`;
}

/** XEP-0227 with the keys of XEP-0227 4.1.1 and the archives of 4.5. */
function* document(count: number): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<server-data xmlns="urn:xmpp:pie:0"><host jid="${domain}">`;
  for (let index = 0; index < count; index += 1) {
    const more = index % 10 === 0 ? roster(index) + archive(index) : "";
    yield `<user name="${localPart(index)}">${keys}${more}</user>\n`;
  }
  yield "</host></server-data>";
}

function roster(index: number): string {
  const items = Array.from(
    { length: contacts },
    (_, near) => `<item jid="${bareJid(index + near + 1)}" name="Contact ${near}" subscription="both"/>`,
  );
  return `<query xmlns="jabber:iq:roster">${items.join("")}</query>`;
}

function archive(index: number): string {
  const results = Array.from({ length: messages }, (_, number) => {
    const stamp = new Date(1_700_000_000_000 + (index * messages + number) * 1000).toISOString();
    const body = `<body>${"Lorem ipsum dolor sit amet. ".repeat(4)}</body>`;
    const message = `<message xmlns="jabber:client" type="chat" from="${bareJid(index + 1)}/x" to="${bareJid(index)}">${body}</message>`;
    return `<result xmlns="urn:xmpp:mam:2" id="${number}"><forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" stamp="${stamp}"/>${message}</forwarded></result>`;
  });
  return `<archive xmlns="urn:xmpp:pie:0#mam">${results.join("")}</archive>`;
}
