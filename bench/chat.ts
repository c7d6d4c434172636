import { type Cost, Meter } from "./counters.ts";
import { MessageReader, MessageWriter } from "./messages.ts";
import {
  bareJid,
  closeAll,
  concurrently,
  type LoadSession,
  loginMany,
  type LoginOptions,
  pause,
  until,
} from "./session.ts";
import { demand, percentiles, type Figures, type Run } from "./workload.ts";

const messageBytes = 200;
const warmUpMs = 3000;
const acksNs = "xmlns='urn:xmpp:sm:3'";

export interface Talker {
  readonly session: LoadSession;
  readonly writer: MessageWriter;
  readonly reader: MessageReader;
  sent: number;
}

/** Available sessions of `u0` and on, or of `first` and on, in pairs: 2n and 2n+1 write to each other's bare JID. */
export async function talkers(options: LoginOptions, count: number, withAcks = false, first = 0): Promise<Talker[]> {
  const sessions = await loginMany(count, options, first);
  await concurrently(count, 20, (index) => sessions[index]!.becomeAvailable());
  if (withAcks) await concurrently(count, 20, (index) => sessions[index]!.ask(`<enable ${acksNs}/>`, "<enabled"));
  return sessions.map((session) => ({
    session,
    writer: new MessageWriter(bareJid(session.index ^ 1), 0, messageBytes),
    reader: new MessageReader(),
    sent: 0,
  }));
}

/**
 * Each message that arrives is answered; `window` of them are under way from each session. `withAcks`: with stream management
 * (XEP-0198), where the server asks for acknowledgements as often as it likes.
 */
export async function chat(
  run: Run,
  count: number,
  window: number,
  what: string,
  withAcks = false,
): Promise<Figures[]> {
  const all = await talkers(run, count, withAcks, run.first);
  const cost = await exchange(all, window, run, withAcks);
  await closeAll(all.map(({ session }) => session));
  return [{ what, cost, latencyMs: null, bytes: null }];
}

/** What a message costs while all of them talk; none is under way afterwards. */
export async function exchange(
  all: readonly Talker[],
  window: number,
  { pid, seconds, withInstructions }: Pick<Run, "pid" | "seconds" | "withInstructions">,
  withAcks = false,
): Promise<Cost> {
  let received = 0;
  let isOver = false;
  const send = (talker: Talker, messages: number): void => {
    let text = "";
    for (let index = 0; index < messages; index += 1) text += talker.writer.next();
    talker.sent += messages;
    talker.session.write(text);
  };
  for (const talker of all) {
    talker.session.onBytes = (bytes, length) => {
      const arrived = talker.reader.take(bytes, length);
      received += arrived;
      if (arrived > 0 && !isOver) send(talker, arrived);
      if (withAcks && bytes.toString("latin1", 0, length).includes("<r "))
        talker.session.write(`<a ${acksNs} h='${talker.reader.received}'/>`);
    };
  }
  for (const talker of all) send(talker, window);
  await pause(warmUpMs);
  const meter = await Meter.start(pid, withInstructions);
  const before = received;
  await pause(seconds * 1000);
  const cost = await meter.stop(received - before);
  isOver = true;
  await verify(all);
  return cost;
}

/** Messages at a steady rate, whatever the server does. Latency counts from the moment a message was due. */
export async function openLoop(run: Run, count: number, rate: number, what: string): Promise<Figures[]> {
  const all = await talkers(run, count);
  const due: number[][] = all.map(() => []);
  let latencies: number[] | null = null;
  for (const [index, talker] of all.entries()) {
    talker.session.onBytes = (bytes, length) => {
      const now = performance.now();
      for (let left = talker.reader.take(bytes, length); left > 0; left -= 1) {
        const latencyMs = now - due[index]!.shift()!;
        latencies?.push(latencyMs);
      }
    };
  }
  let sent = 0;
  const sendAll = (ms: number): Promise<void> => {
    const startedAt = performance.now();
    let done = 0;
    // Spins, so that the times are met within tens of microseconds.
    return new Promise((resolve) => {
      const tick = (): void => {
        const elapsed = performance.now() - startedAt;
        const wanted = Math.floor((Math.min(elapsed, ms) * rate) / 1000);
        for (; done < wanted; done += 1, sent += 1) {
          const index = (sent * 7919) % count;
          due[index ^ 1]!.push(startedAt + ((done + 1) * 1000) / rate);
          all[index]!.sent += 1;
          all[index]!.session.write(all[index]!.writer.next());
        }
        if (elapsed >= ms) resolve();
        else setImmediate(tick);
      };
      tick();
    });
  };
  await sendAll(warmUpMs);
  await verify(all);
  latencies = [];
  const before = sent;
  const meter = await Meter.start(run.pid, run.withInstructions);
  await sendAll(run.seconds * 1000);
  const cost = await meter.stop(sent - before);
  await verify(all);
  await closeAll(all.map(({ session }) => session));
  return [{ what, cost, latencyMs: percentiles(latencies), bytes: null }];
}

async function verify(all: readonly Talker[]): Promise<void> {
  const missing = (): number => all.reduce((sum, { sent, reader }) => sum + sent - reader.received, 0);
  await until(() => missing() === 0);
  demand(missing() === 0, `${missing()} messages were lost`);
  const misplaced = all.reduce((sum, { reader }) => sum + reader.misplaced, 0);
  demand(misplaced === 0, `${misplaced} messages came out of order`);
}
