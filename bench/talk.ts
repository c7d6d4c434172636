import { randomBytes } from "node:crypto";
import { Meter } from "./counters.ts";
import { MessageReader, MessageWriter } from "./messages.ts";
import { closeAll, domain, type LoadSession, loginMany, pause, until } from "./session.ts";
import { demand, type Workload } from "./workload.ts";

const occupants = 100;
/** Who speaks in turn. */
const speakers = 20;
const window = 8;
const messageBytes = 200;
const warmUpMs = 2000;
const muc = "http://jabber.org/protocol/muc";

/** A room of 100 in which 8 messages are always on their way, each to everybody. */
export const room: Workload = async (run) => {
  const address = `bench${randomBytes(4).toString("hex")}@conference.${domain}`;
  const sessions = await loginMany(occupants, run);
  const [first] = sessions;
  if (first === undefined) throw new Error("nobody is there");
  const answer = await enter(first, address);
  if (answer.includes("201")) await first.ask(settingsOf(address), "id='settings'", 'id="settings"');
  for (const session of sessions.slice(1)) await enter(session, address);
  for (const session of sessions) await session.ping();
  const readers = sessions.map(() => new MessageReader());
  const writers = sessions
    .slice(0, speakers)
    .map((_, index) => new MessageWriter(address, index, messageBytes, "groupchat"));
  let received = 0;
  let sent = 0;
  let isOver = false;
  const speak = (): void => {
    while (!isOver && sent - received / occupants < window) {
      const speaker = sent % speakers;
      sent += 1;
      sessions[speaker]!.write(writers[speaker]!.next());
    }
  };
  for (const [index, session] of sessions.entries()) {
    session.onBytes = (bytes, length) => {
      received += readers[index]!.take(bytes, length);
      speak();
    };
  }
  speak();
  await pause(warmUpMs);
  const meter = await Meter.start(run.pid, run.withInstructions);
  const before = received;
  await pause(run.seconds * 1000);
  const cost = await meter.stop(received - before);
  isOver = true;
  await until(() => received >= sent * occupants);
  demand(received === sent * occupants, `${received} of ${sent * occupants} deliveries`);
  const misplaced = readers.reduce((sum, reader) => sum + reader.misplaced, 0);
  demand(misplaced === 0, `${misplaced} messages came out of order`);
  for (const session of sessions) session.onBytes = null;
  await closeAll(sessions);
  return [{ what: "message in a room of 100, each delivery", cost, latencyMs: null, bytes: null }];
};

/** The room as it is (XEP-0045 10.1.2). */
function settingsOf(address: string): string {
  const form = "<x xmlns='jabber:x:data' type='submit'/>";
  return `<iq type='set' id='settings' to='${address}'><query xmlns='${muc}#owner'>${form}</query></iq>`;
}

/** Resolves with what came until the room had named the newcomer (XEP-0045 7.2.2). */
function enter(session: LoadSession, address: string): Promise<string> {
  return session.ask(`<presence to='${address}/n${session.index}'><x xmlns='${muc}'/></presence>`, "110");
}
