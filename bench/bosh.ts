import { parseArgs } from "node:util";
import { XmppClient } from "../e2e/support/xmpp-client.ts";
import { Meter, residentBytes } from "./counters.ts";
import { bareJid, concurrently, localPart, password, pause } from "./session.ts";
import { Nightpost } from "./subjects.ts";
import { machine } from "./table.ts";

/**
 * What sessions over BOSH cost: memory, CPU while nothing is said and the server holds a request of each, CPU for a message, and
 * what of the memory is left once all are gone. `node bench/bosh.ts [--sessions N]`
 */
const { values } = parseArgs({ options: { sessions: { type: "string", default: "1000" } } });
const count = Number(values.sessions);
const width = 20;
const messages = 10 * count;
/** Longer than a request is held: each is answered and asked again at least once. */
const idleMs = 75_000;
const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

const nightpost = await Nightpost.prepare();
const running = await nightpost.start({ core: null, forwardTo: null });
const { pid, server } = running;
try {
  const before = residentBytes(pid);
  const sessions = await concurrently(count, width, async (index) => {
    const session = await XmppClient.connect({ port: server.httpPort, host: "localhost", transport: "bosh" });
    await session.login(localPart(index), password);
    session.send("<presence/>");
    await session.ping();
    session.stopListening();
    return session;
  });
  const full = residentBytes(pid);
  const idle = await Meter.start(pid, false);
  await pause(idleMs);
  const { cpuUs: idleUs } = await idle.stop(idleMs / 1000);
  const later = residentBytes(pid);
  const talk = await Meter.start(pid, false);
  for (let sent = 0; sent < messages; sent += 1) {
    const index = sent % count;
    sessions[index]!.send(`<message type='chat' to='${bareJid((index + 1) % count)}'><body>m${sent}</body></message>`);
    if (index === count - 1) await pause(1000);
  }
  await pause(5000);
  const { cpuUs } = await talk.stop(messages);
  await concurrently(count, width, (index) => sessions[index]!.close());
  await pause(5000);
  const { items } = await server.api.sessions.list({});
  console.log(`${count} sessions over BOSH; ${machine()}\n\n| | |\n| --- | ---: |`);
  console.log(`| memory of a session, KB | ${((full - before) / count / 1024).toFixed(1)} |`);
  console.log(`| CPU while nothing is said, ms a second for all | ${((idleUs ?? 0) / 1000).toFixed(1)} |`);
  console.log(`| memory that ${idleMs / 1000} s of that added, MB | ${megabytes(later - full)} |`);
  console.log(`| CPU for a message, µs | ${cpuUs?.toFixed(0)} |`);
  console.log(`| memory when all are gone, MB (at first ${megabytes(before)}) | ${megabytes(residentBytes(pid))} |`);
  console.log(`| sessions left | ${items.length} |`);
} finally {
  await running.stop();
  nightpost.discard();
}
