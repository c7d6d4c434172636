import { threadCpuUs } from "./counters.ts";
import {
  cpuText,
  latencyText,
  perOperation,
  Stage,
  warm,
  type Row,
  type Scenario,
  type Terms,
} from "./forward-stage.ts";
import { pause, until } from "./session.ts";
import { demand } from "./workload.ts";

const goals = new Map([
  [500, "p50 2, p99 20 ms"],
  [1500, "p99 50 ms"],
]);

/** Messages at a steady rate, from the socket to the web server: what each costs, and how long it takes. */
export const rate: Scenario = async ({ nightpost, seconds, rates, isTls, postCpuUs }) => {
  const rows: Row[] = [];
  const stage = await Stage.start(nightpost, undefined, { isTls });
  await warm(stage);
  for (const perSecond of rates) {
    const stored: number[] = [];
    let asking = false;
    const { sink, pid } = stage;
    sink.latencies = [];
    const received = sink.received;
    const before = threadCpuUs(pid);
    const startedAt = performance.now();
    // Pings cost the main thread something, too: five a second are enough to know.
    let nextPing = 0;
    const sent = await stage.pace(perSecond, seconds * 1000, (elapsed) => {
      if (asking || elapsed < nextPing) return;
      asking = true;
      nextPing = elapsed + 200;
      void stage.confirmedMs().then((ms) => {
        stored.push(ms);
        asking = false;
      });
    });
    await until(() => sink.received >= received + sent);
    const tookMs = performance.now() - startedAt;
    const cost = perOperation(before, pid, sent);
    demand(sink.received === received + sent, `${sink.received - received} of ${sent} messages were forwarded`);
    demand(sink.misplaced === 0, `${sink.misplaced} forwarded messages came out of order`);
    const beyond = (cost.get("forward")! / postCpuUs).toFixed(1);
    const seen = ((sent * 1000) / tookMs).toFixed(0);
    const each = `${perSecond} a second${isTls ? ", over TLS" : ""}`;
    rows.push(
      { what: `${each}: stored and forwarded`, value: cpuText(cost), goal: perSecond === 1500 ? "450 µs" : "" },
      { what: `${each}: forward thread to a bare POST`, value: `${beyond} times`, goal: "" },
      { what: `${each}: reached`, value: `${seen} a second`, goal: perSecond === 1500 ? "1500" : "" },
      {
        what: `${each}: p50 / p99 / p99.9 to the web server`,
        value: latencyText(sink.latencies),
        goal: goals.get(perSecond) ?? "",
      },
      { what: `${each}: until stored`, value: latencyText(stored), goal: perSecond === 500 ? "p99 15 ms" : "" },
    );
    while (asking) await pause(5);
  }
  await stage.stop();
  return rows;
};

/** Everything at once: what a message costs when commits and claims are shared by as many as there are. */
export const burst: Scenario = async (terms: Terms) => {
  const stage = await Stage.start(terms.nightpost);
  await warm(stage, 2_000);
  const rows: Row[] = [];
  for (let round = 0; round < 3; round += 1) {
    const { sink, pid } = stage;
    const before = threadCpuUs(pid);
    const received = sink.received;
    const startedAt = performance.now();
    const count = 10_000;
    for (let index = 0; index < count; index += 1) {
      stage.send();
      if (index % 80 === 79) await pause(0);
    }
    await until(() => sink.received >= received + count);
    const perSecond = (count * 1000) / (performance.now() - startedAt);
    demand(sink.misplaced === 0, `${sink.misplaced} forwarded messages came out of order`);
    const cost = cpuText(perOperation(before, pid, count));
    rows.push({
      what: `10,000 at once, round ${round + 1}`,
      value: `${cost}, ${perSecond.toFixed(0)} a second`,
      goal: "",
    });
  }
  await stage.stop();
  return rows;
};
