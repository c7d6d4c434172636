import { Meter } from "./counters.ts";
import { bareJid, closeAll, concurrently, type LoadSession, loginMany, until } from "./session.ts";
import { demand, type Workload } from "./workload.ts";

const contactCount = 500;
const width = 20;
const warmUps = 10;
const cycles = 40;
const mark = "<presence";

/** Counts what begins with the mark; a mark may be cut in two. */
class Counter {
  count = 0;
  #rest = "";

  constructor(session: LoadSession) {
    session.onBytes = (bytes, length) => {
      const text = this.#rest + bytes.toString("latin1", 0, length);
      for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) this.count += 1;
      const tail = text.slice(1 - mark.length);
      this.#rest = tail.slice(Math.max(0, tail.lastIndexOf("<")));
    };
  }
}

/** Somebody with 500 contacts who are there goes and comes: each of them is told, and they are told of each of them. */
export const presence: Workload = async (run) => {
  const [user, ...contacts] = await loginMany(contactCount + 1, run);
  if (user === undefined) throw new Error("nobody is there");
  const all = [user, ...contacts];
  await concurrently(all.length, width, (index) => all[index]!.becomeAvailable());
  await befriend(user, contacts);
  const own = new Counter(user);
  const theirs = contacts.map((session) => new Counter(session));
  const told = (): number => theirs.reduce((sum, { count }) => sum + count, 0);
  const cycle = async (): Promise<void> => {
    const [told0, own0] = [told(), own.count];
    user.write("<presence type='unavailable'/>");
    await until(() => told() - told0 >= contactCount);
    user.write("<presence/>");
    await until(() => told() - told0 >= 2 * contactCount && own.count - own0 >= contactCount);
  };
  for (let done = 0; done < warmUps; done += 1) await cycle();
  const before = told() + own.count;
  const meter = await Meter.start(run.pid, run.withInstructions);
  for (let done = 0; done < cycles; done += 1) await cycle();
  const presences = told() + own.count - before;
  const cost = await meter.stop(presences);
  demand(presences >= cycles * contactCount * 3, `only ${presences} presences came`);
  for (const session of all) session.onBytes = null;
  await closeAll(all);
  return [{ what: "presence to 500 contacts, each", cost, latencyMs: null, bytes: null }];
};

/** Mutual subscriptions, as people make them (RFC 6121 3.1); those that are there already cost nothing. */
async function befriend(user: LoadSession, contacts: readonly LoadSession[]): Promise<void> {
  const roster = await user.ask(
    "<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>",
    "id='roster'",
    'id="roster"',
  );
  if (roster.includes("both")) return;
  const to = bareJid(user.index);
  for (let from = 0; from < contacts.length; from += width) {
    const some = contacts.slice(from, from + width);
    const each = (xml: (contact: LoadSession) => string): string => some.map(xml).join("");
    const say = async (xml: string): Promise<void> => {
      for (const contact of some) contact.write(xml);
      await Promise.all(some.map((contact) => contact.ping()));
      await user.ping();
    };
    await say(`<presence to='${to}' type='subscribe'/>`);
    user.write(each(({ index }) => `<presence to='${bareJid(index)}' type='subscribed'/>`));
    user.write(each(({ index }) => `<presence to='${bareJid(index)}' type='subscribe'/>`));
    await user.ping();
    await say(`<presence to='${to}' type='subscribed'/>`);
  }
}
