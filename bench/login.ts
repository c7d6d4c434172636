import { Meter, residentBytes } from "./counters.ts";
import { closeAll, concurrently, loginMany, LoadSession, pause } from "./session.ts";
import { demand, type Figures, percentiles, type Run } from "./workload.ts";

/** So many that the code which they run is compiled: what a login costs a server that has run for a minute. */
const warmUp = 1000;
const measured = 1000;
const width = 20;
const settleMs = 10_000;

/** Connection, authentication and resource binding; the sessions stay until all are in. */
export async function login(run: Run, what: string): Promise<Figures[]> {
  const early = await loginMany(warmUp, run);
  const latencies: number[] = [];
  const meter = await Meter.start(run.pid, run.withInstructions);
  const sessions = await concurrently(measured, width, async (index) => {
    const begin = performance.now();
    const session = await LoadSession.login(warmUp + index, run);
    latencies.push(performance.now() - begin);
    return session;
  });
  const cost = await meter.stop(measured);
  await closeAll([...early, ...sessions]);
  return [{ what, cost, latencyMs: percentiles(latencies), bytes: null }];
}

/** Resident memory of available sessions that do nothing. */
export async function idle(run: Run, count: number, what: string): Promise<Figures[]> {
  // As long as it rests afterwards, so that both figures are of a server that has nothing to do.
  await pause(settleMs);
  const before = residentBytes(run.pid);
  const sessions = await loginMany(count, run);
  await concurrently(count, width, (index) => sessions[index]!.becomeAvailable());
  await pause(settleMs);
  const bytes = (residentBytes(run.pid) - before) / count;
  demand(
    sessions.every((session) => !session.isClosed),
    "a session ended by itself",
  );
  await closeAll(sessions);
  return [{ what, cost: null, latencyMs: null, bytes }];
}
