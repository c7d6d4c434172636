import { parseArgs } from "node:util";
import type { ArchiveUnit } from "../server/storage/ports.ts";
import { openSqlite } from "../server/storage/sqlite/client.ts";
import { bareJid, domain, LoadSession, localPart } from "./session.ts";
import { Nightpost } from "./subjects.ts";
import { machine } from "./table.ts";
import { percentiles } from "./workload.ts";

// What a page of a large archive takes from the question to its end, over XMPP: `node bench/archive.ts [--messages N]`.

const { values } = parseArgs({ options: { messages: { type: "string", default: "1000000" } } });
const count = Number(values.messages);
/** Contacts that the account wrote with; the last one only now and then. */
const contacts = 100;
const rareEvery = 10_000;
const unitsPerCall = 2_000;
const rounds = 300;
const warmUp = 50;
const namespace = "xmlns='urn:xmpp:mam:2'";

const nightpost = await Nightpost.prepare();
const data = nightpost.data();
const begin = performance.now();
await fill(data);
console.error(`${count} messages written in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
const running = await nightpost.start({ core: null, forwardTo: null, data });
try {
  const session = await LoadSession.login(0, { port: running.port, isTls: false, mechanism: nightpost.mechanism });
  const rows: [what: string, question: string][] = [
    ["the last 50", page("<before/>")],
    ["the first 50", page("")],
    ["the last 50 with one contact", `${withContact(1)}${page("<before/>")}`],
    ["the last 50 with somebody who wrote rarely", `${withContact(contacts)}${page("<before/>")}`],
    ["how many there are", page("", 0)],
  ];
  console.log(`${count} messages in one archive; ${machine()}\n`);
  console.log("| | p50, ms | p99, ms |\n| --- | ---: | ---: |");
  for (const [what, question] of rows) {
    const times: number[] = [];
    for (let round = -warmUp; round < rounds; round += 1) {
      const startedAt = performance.now();
      await session.ask(`<iq type='set' id='a'><query ${namespace}>${question}</query></iq>`, "</iq>");
      if (round >= 0) times.push(performance.now() - startedAt);
    }
    const { p50, p99 } = percentiles(times);
    console.log(`| ${what} | ${p50.toFixed(2)} | ${p99.toFixed(2)} |`);
  }
  await session.close();
} finally {
  await running.stop();
  nightpost.discard();
}

/** Archives of `u0`, the messages a second apart, the last one of now. */
async function fill(directory: string): Promise<void> {
  const stores = await openSqlite({ directory });
  const first = (Date.now() - count * 1000) * 1000;
  for (let from = 0; from < count; from += unitsPerCall) {
    const units = Array.from({ length: Math.min(unitsPerCall, count - from) }, (_, index) => unit(first, from + index));
    await stores.archive.keep(units);
  }
  await stores.close();
}

function unit(first: number, index: number): ArchiveUnit {
  const contact = index % rareEvery === 0 ? contacts : 1 + (index % (contacts - 1));
  const peer = `${bareJid(contact)}/phone`;
  const isOwn = index % 2 === 0;
  const xml = `<message xmlns='jabber:client' type='chat' id='m${index}' to='${isOwn ? bareJid(contact) : bareJid(0)}' from='${isOwn ? `${bareJid(0)}/load` : peer}'><body>Message ${index}, which says about as much as people say in one.</body></message>`;
  // Ids are microseconds; even ones are the taker's (docs/adr/0008).
  const key = { id: first + index * 1_000_000, salt: index };
  return { type: "chat", xml, copies: [{ host: domain, local: localPart(0), key, peer, isOwn }] };
}

function page(place: string, max = 50): string {
  return `<set xmlns='http://jabber.org/protocol/rsm'><max>${max}</max>${place}</set>`;
}

function withContact(index: number): string {
  return `<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field><field var='with'><value>${bareJid(index)}</value></field></x>`;
}
