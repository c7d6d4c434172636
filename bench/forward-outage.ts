import { latencyText, megabytes, rss, Stage, warm, type Row, type Scenario } from "./forward-stage.ts";
import { freePort } from "./ports.ts";
import { bareJid, LoadSession, pause, until } from "./session.ts";
import { Sink } from "./sink.ts";
import { demand, percentiles } from "./workload.ts";

/** Two people who are there and write to each other, to see whether they notice anything. */
class Chat {
  latencies: number[] = [];
  readonly #from: LoadSession;
  #sentAt = 0;
  readonly #timer: NodeJS.Timeout;

  private constructor(from: LoadSession, to: LoadSession) {
    this.#from = from;
    to.onBytes = (bytes, length) => {
      if (bytes.toString("latin1", 0, length).includes("</message>"))
        this.latencies.push(performance.now() - this.#sentAt);
    };
    this.#timer = setInterval(() => {
      this.#sentAt = performance.now();
      this.#from.write(`<message to='${bareJid(901)}' type='chat'><body>are you there</body></message>`);
    }, 20);
  }

  static async start(port: number): Promise<Chat> {
    const options = { port, isTls: false, mechanism: "SCRAM-SHA-1" } as const;
    const [from, to] = [await LoadSession.login(900, options), await LoadSession.login(901, options)];
    await to.becomeAvailable();
    return new Chat(from, to);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** The web server answers 503 for a while, with 300 messages a second for people who are away. */
export const outage: Scenario = async ({ nightpost, seconds }) => {
  const perSecond = 300;
  const stage = await Stage.start(nightpost, 3000);
  await warm(stage);
  const { sink } = stage;
  const chat = await Chat.start(stage.running.port);
  await stage.pace(perSecond, 10_000);
  const before = latencyText(chat.latencies);
  chat.latencies = [];
  const memory = rss(stage);
  const attempts: number[] = [];
  const downAt = performance.now();
  let requests = sink.requests;
  sink.status = 503;
  let sent = await stage.pace(perSecond, seconds * 6_000, (elapsed) => {
    for (; requests < sink.requests; requests += 1) attempts.push(elapsed);
  });
  const during = latencyText(chat.latencies);
  const grown = rss(stage) - memory;
  const received = sink.received;
  sink.status = 200;
  const upAt = performance.now();
  let resumedAt = 0;
  // Messages keep coming; a probe of the breaker may be up to five minutes away.
  while (resumedAt === 0 && performance.now() - upAt < 310_000) {
    sent += await stage.pace(perSecond, 200);
    if (sink.received > received + 1) resumedAt = performance.now();
  }
  const backlogAt = performance.now();
  const waiting = sent - (sink.received - received);
  let during2 = 0;
  while (sink.received - received < sent - perSecond)
    during2 += await stage.pace(perSecond, 250).then((n) => ((sent += n), n));
  const drainSeconds = (performance.now() - backlogAt) / 1000;
  const drained = (waiting + during2) / drainSeconds;
  await until(() => sink.received - received >= sent);
  chat.stop();
  const minutes = (upAt - downAt) / 60_000;
  const opening = attempts.filter((at) => at < attempts[0]! + 1_000).length;
  const rows: Row[] = [
    {
      what: `an outage of ${minutes.toFixed(1)} min at ${perSecond} a second: attempts until it is left alone`,
      value: `${opening}`,
      goal: "12",
    },
    { what: "attempts a minute from then on", value: ((attempts.length - opening) / minutes).toFixed(1), goal: "60" },
    { what: "memory grew by", value: megabytes(grown), goal: "60 MB" },
    { what: "chat before, p50 / p99 / p99.9", value: before, goal: "" },
    { what: "chat during it", value: during, goal: "p99 +10 %" },
    { what: "resumed after", value: `${((resumedAt - upAt) / 1000).toFixed(1)} s`, goal: "the breaker's pause" },
    {
      what: `${waiting} waiting events sent, with ${perSecond} a second more`,
      value: `${drained.toFixed(0)} a second`,
      goal: "1000",
    },
  ];
  demand(sink.received - received >= sent, `${sink.received - received} of ${sent} messages were forwarded`);
  demand(sink.misplaced === 0, `${sink.misplaced} forwarded messages came out of order`);
  await stage.stop();
  return rows;
};

/** A short outage: how soon everything is as before. */
export const breaker: Scenario = async ({ nightpost }) => {
  const stage = await Stage.start(nightpost);
  await warm(stage);
  const { sink } = stage;
  const { requests } = sink;
  sink.status = 503;
  let sent = await stage.pace(200, 3_000);
  const opening = sink.requests - requests;
  const received = sink.received;
  sink.status = 200;
  const upAt = performance.now();
  let resumedAt = 0;
  while (resumedAt === 0 && performance.now() - upAt < 60_000) {
    sent += await stage.pace(200, 20);
    if (sink.received > received + 1) resumedAt = performance.now();
  }
  await until(() => sink.received - received >= sent);
  demand(sink.misplaced === 0, `${sink.misplaced} forwarded messages came out of order`);
  await stage.stop();
  return [
    { what: "an outage of 3 s: attempts in it", value: `${opening}`, goal: "12" },
    { what: "resumed after it was over", value: `${((resumedAt - upAt) / 1000).toFixed(1)} s`, goal: "5 s" },
  ];
};

/** A second target that takes 2 s for each request. */
export const slow: Scenario = async ({ nightpost, seconds }) => {
  const perSecond = 200;
  const concurrency = 64;
  const stage = await Stage.start(nightpost);
  const port = await freePort();
  const tired = await Sink.start(port);
  tired.delayMs = 2_000;
  tired.onRequest = () => undefined;
  await warm(stage);
  const { sink, running } = stage;
  const measured = async (): Promise<readonly number[]> => {
    const received = sink.received;
    sink.latencies = [];
    const sent = await stage.pace(perSecond, seconds * 1000);
    await until(() => sink.received >= received + sent);
    return sink.latencies;
  };
  const alone = await measured();
  await running.server.api.forward.setTarget({
    name: "slow",
    target: { kind: "webhook", url: `http://127.0.0.1:${port}/`, allowPrivate: true, concurrency },
  });
  const rules = [{ name: "bench", classes: ["chat" as const], targets: ["bench", "slow"] }];
  await running.server.api.forward.setRules({ rules, comment: "" });
  await stage.pace(perSecond, 3_000);
  await pause(500);
  const beside = await measured();
  const again = percentiles(beside).p99 / percentiles(alone).p99;
  const rows: Row[] = [
    { what: `${perSecond} a second to a good target, p50 / p99 / p99.9`, value: latencyText(alone), goal: "" },
    {
      what: "beside one that takes 2 s",
      value: `${latencyText(beside)}, p99 ${again.toFixed(2)} times`,
      goal: "p99 +10 %",
    },
    { what: "most requests at the slow one", value: `${tired.maxOpen}`, goal: `${concurrency}` },
  ];
  await stage.stop();
  await tired.stop();
  return rows;
};
