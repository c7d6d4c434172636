import { openSqlite } from "../server/storage/sqlite/client.ts";
/**
 * Rooms: what a message to 100 occupants costs per delivery, what each of 1,000 joins costs, and how long the start takes with
 * 100,000 persistent rooms in the store. Prints one JSON object.
 *
 *   node bench/room.ts
 */
import { Meter } from "./counters.ts";
import { isPinnable } from "./generate.ts";
import { closeAll, domain, loginMany, type LoadSession, pause, until } from "./session.ts";
import { Nightpost } from "./subjects.ts";

const service = `conference.${domain}`;
const talkers = 100;
const messages = 200;
const joiners = 1_000;
const storedRooms = 100_000;
const perBatch = 2_000;
const ns = "http://jabber.org/protocol/muc";

const isPinned = isPinnable();
const nightpost = await Nightpost.prepare();
const start = (data?: string) =>
  nightpost.start({ core: isPinned ? 0 : null, forwardTo: null, ...(data === undefined ? {} : { data }) });
console.log(JSON.stringify({ talk: await talk(), join: await join(), start: await startUp() }, null, 2));
nightpost.discard();

function enter(session: LoadSession, room: string): void {
  session.write(`<presence to='${room}@${service}/n${session.index}'><x xmlns='${ns}'/></presence>`);
}

/** Counts occurrences of a mark in what sessions receive; a mark is never cut in two by more than one byte too many. */
function counting(sessions: readonly LoadSession[], mark: string): { readonly count: () => number } {
  let count = 0;
  for (const session of sessions) {
    let rest = "";
    session.onBytes = (bytes, length) => {
      const text = rest + bytes.toString("latin1", 0, length);
      for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) count += 1;
      rest = text.slice(-(mark.length - 1)).includes(mark) ? "" : text.slice(-(mark.length - 1));
    };
  }
  return { count: () => count };
}

/** The room's owner opens it as it is. */
async function opened(owner: LoadSession, room: string): Promise<void> {
  enter(owner, room);
  await owner.ping();
  const form = `<x xmlns='jabber:x:data' type='submit'/>`;
  await owner.ask(
    `<iq type='set' id='cfg' to='${room}@${service}'><query xmlns='http://jabber.org/protocol/muc#owner'>${form}</query></iq>`,
    "id='cfg'",
  );
}

async function talk() {
  const running = await start();
  const sessions = await loginMany(talkers, { port: running.port, isTls: false, mechanism: "SCRAM-SHA-1" });
  const [speaker] = sessions;
  if (speaker === undefined) throw new Error("nobody is there");
  await opened(speaker, "talk");
  for (const session of sessions.slice(1)) enter(session, "talk");
  for (const session of sessions) await session.ping();
  const received = counting(sessions, "</body>");
  const say = async (count: number, before: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      const text = `<message type='groupchat' to='talk@${service}' id='m${n}'><body>${"x".repeat(100)}</body></message>`;
      // The rate that the room allows is per user: everybody speaks in turn.
      sessions[n % talkers]!.write(text);
      if (n % talkers === talkers - 1) await pause(100);
    }
    await until(() => received.count() >= before + count * talkers);
  };
  await say(messages, 0);
  const before = received.count();
  const meter = await Meter.start(running.pid, false);
  await say(messages, before);
  const cost = await meter.stop(messages * talkers);
  await closeAll(sessions);
  await running.stop();
  return { occupants: talkers, deliveries: messages * talkers, cost };
}

async function join() {
  const running = await start();
  const sessions = await loginMany(joiners, { port: running.port, isTls: false, mechanism: "SCRAM-SHA-1" });
  const [owner] = sessions;
  if (owner === undefined) throw new Error("nobody is there");
  await opened(owner, "join");
  const steps: { occupants: number; cpuMsPerJoin: number; cpuUsPerPresence: number }[] = [];
  const step = joiners / 5;
  const presences = counting(sessions, "<presence ");
  for (let from = 0; from < joiners; from += step) {
    const coming = sessions.slice(Math.max(1, from), from + step);
    const before = presences.count();
    const expected = coming.reduce((sum, _, n) => sum + 2 * (Math.max(1, from) + n) + 1, 0);
    const meter = await Meter.start(running.pid, false);
    for (const session of coming) enter(session, "join");
    await until(() => presences.count() >= before + expected);
    const { cpuUs } = await meter.stop(coming.length);
    const perPresence = ((cpuUs ?? 0) * coming.length) / expected;
    steps.push({
      occupants: from + step,
      cpuMsPerJoin: Math.round(cpuUs ?? 0) / 1000,
      cpuUsPerPresence: Math.round(perPresence * 100) / 100,
    });
  }
  for (const session of sessions) session.onBytes = null;
  await closeAll(sessions);
  await running.stop();
  return steps;
}

async function startUp() {
  const timed = async (data: string) => {
    const began = performance.now();
    const running = await start(data);
    const ms = Math.round(performance.now() - began);
    await running.stop();
    return ms;
  };
  const empty = await timed(nightpost.data());
  const data = nightpost.data();
  const stores = await openSqlite({ directory: data });
  const createdAt = Date.now();
  const document = JSON.stringify({ config: {}, secret: "x".repeat(43), subject: null, avatarHash: null });
  for (let from = 0; from < storedRooms; from += perBatch) {
    await Promise.all(
      Array.from({ length: perBatch }, (_, n) =>
        stores.rooms.create({
          host: service,
          local: `r${from + n}`,
          name: `Room ${from + n}`,
          isPublic: true,
          isPersistent: true,
          isMembersOnly: false,
          isModerated: false,
          isArchived: true,
          createdAt,
          usedAt: createdAt,
          document,
          affiliations: [{ jid: `u0@${domain}`, affiliation: "owner", nick: null, reason: null }],
        }),
      ),
    );
  }
  const began = performance.now();
  await stores.rooms.report({ hosts: [service] }, { limit: 50 });
  const listMs = Math.round(performance.now() - began);
  await stores.close();
  return { emptyMs: empty, withRoomsMs: await timed(data), rooms: storedRooms, listMs };
}
