import { Meter } from "./counters.ts";
import { MessageReader, MessageWriter } from "./messages.ts";
import { bareJid, closeAll, loginMany, pause, until, type LoadSession } from "./session.ts";
import { Sink } from "./sink.ts";
import { demand, percentiles, type Figures, type Run, type Workload } from "./workload.ts";

const senderCount = 4;
const messageBytes = 200;
const batch = 20;
const firstSender = 0;
const firstRecipient = 1000;

/** Sends `perPair` messages from every sender to every recipient; resolves when the server has confirmed all of them. */
async function store(senders: readonly LoadSession[], recipients: number, perPair: number): Promise<number> {
  await Promise.all(
    senders.map(async (session, sender) => {
      const writers = Array.from(
        { length: recipients },
        (_, index) => new MessageWriter(bareJid(firstRecipient + index), sender, messageBytes),
      );
      for (let from = 0; from < recipients * perPair; from += batch) {
        let text = "";
        for (let n = from; n < Math.min(from + batch, recipients * perPair); n += 1)
          text += writers[n % recipients]!.next();
        if (!session.write(text)) await session.drained();
      }
      await session.ping();
    }),
  );
  return senders.length * recipients * perPair;
}

/** All recipients log in, become available and get what waited for them. */
async function drain(run: Run, recipients: number, expected: number, what: string): Promise<Figures> {
  const sessions = await loginMany(recipients, run, firstRecipient);
  const readers = sessions.map(() => new MessageReader());
  let received = 0;
  for (const [index, session] of sessions.entries()) {
    session.onBytes = (bytes, length) => {
      received += readers[index]!.take(bytes, length);
    };
  }
  const meter = await Meter.start(run.pid, run.withInstructions);
  for (const session of sessions) session.write("<presence/>");
  await until(() => received >= expected);
  const cost = await meter.stop(received);
  // Late duplicates would come now.
  await pause(500);
  const misplaced = readers.reduce((sum, reader) => sum + reader.misplaced, 0);
  demand(received === expected, `${received} of ${expected} stored messages were delivered`);
  demand(misplaced === 0, `${misplaced} stored messages came out of order`);
  for (const session of sessions) {
    session.onBytes = null;
    await session.ping();
  }
  await closeAll(sessions);
  return { what, cost, latencyMs: null, bytes: null };
}

/** 20,000 messages to 200 people who are away, confirmed by a ping behind them, and their delivery. */
export const offline: Workload = async (run) => {
  const recipients = 200;
  const senders = await loginMany(senderCount, run, firstSender);
  await drain(run, recipients, await store(senders, recipients, 2), "");
  const meter = await Meter.start(run.pid, run.withInstructions);
  const stored = await store(senders, recipients, 25);
  const cost = await meter.stop(stored);
  await closeAll(senders);
  return [
    { what: "offline message, stored", cost, latencyMs: null, bytes: null },
    await drain(run, recipients, stored, "offline message, delivered"),
  ];
};

/** The same, with each message also POSTed to a web server; the time until it is there. */
export const forward: Workload = async (run) => {
  const recipients = 100;
  const sink = await Sink.start(run.sinkPort);
  const senders = await loginMany(senderCount, run, firstSender);
  const warm = await store(senders, recipients, 2);
  await sink.until(warm);
  await drain(run, recipients, warm, "");
  sink.reset();
  const meter = await Meter.start(run.pid, run.withInstructions);
  const stored = await store(senders, recipients, 10);
  await sink.until(stored);
  const cost = await meter.stop(stored);
  demand(sink.misplaced === 0 || !run.forwardsInOrder, `${sink.misplaced} forwarded messages came out of order`);
  await drain(run, recipients, stored, "");
  const steady = await paced(run, senders, recipients, sink);
  await drain(run, recipients, sink.received, "");
  await closeAll(senders);
  await sink.stop();
  return [{ what: "stored and forwarded, a burst", cost, latencyMs: null, bytes: null }, steady];
};

/** A hundred messages a second: what each costs, and how long it takes to the web server. */
async function paced(run: Run, senders: readonly LoadSession[], recipients: number, sink: Sink): Promise<Figures> {
  const perSecond = 100;
  const total = perSecond * run.seconds;
  sink.reset();
  const meter = await Meter.start(run.pid, run.withInstructions);
  const writers = Array.from(
    { length: recipients },
    (_, index) => new MessageWriter(bareJid(firstRecipient + index), 0, messageBytes),
  );
  const startedAt = performance.now();
  for (let sent = 0; sent < total; sent += 1) {
    const dueAt = startedAt + (sent * 1000) / perSecond;
    while (performance.now() < dueAt) await pause(1);
    sink.expect(sent % recipients, performance.now());
    senders[0]!.write(writers[sent % recipients]!.next());
  }
  await sink.until(total);
  const cost = await meter.stop(total);
  return {
    what: "stored and forwarded, 100 a second",
    cost,
    latencyMs: percentiles(sink.latencies),
    bytes: null,
  };
}
