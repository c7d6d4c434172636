import { Meter, residentBytes } from "./counters.ts";
import { closeAll, concurrently, loginMany, LoadSession, pause } from "./session.ts";
import { demand, percentiles, type Workload } from "./workload.ts";

const warmUp = 200;
const measured = 800;
const width = 20;
const settleMs = 10_000;

/** Connection, authentication and resource binding; the sessions stay until all are in. */
export const login: Workload = async (run) => {
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
  return [{ what: run.isTls ? "login, direct TLS" : "login", cost, latencyMs: percentiles(latencies), bytes: null }];
};

/** Resident memory of available sessions that do nothing. */
export const idle: Workload = async (run) => {
  const count = run.isTls ? 2000 : 5000;
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
  return [{ what: run.isTls ? "idle session, direct TLS" : "idle session", cost: null, latencyMs: null, bytes }];
};
