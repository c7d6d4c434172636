import { Pool } from "undici";

// The least that a POST costs: undici's connections to the web server of the bench, and nothing around them.

const [origin = "", seconds = "3", concurrency = "32"] = process.argv.slice(2);
const pool = new Pool(origin, { connections: Number(concurrency), pipelining: 1 });
const body = `from=u1%40localhost%2Fload&to=u1000%40localhost&body=${"x".repeat(120)}`;
const headers = { "content-type": "application/x-www-form-urlencoded" };

async function postFor(ms: number): Promise<number> {
  const until = performance.now() + ms;
  let count = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < until) {
      const answer = await pool.request({ path: "/", method: "POST", headers, body });
      await answer.body.dump();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: Number(concurrency) }, worker));
  return count;
}

await postFor(1_000);
const startedAt = performance.now();
const cpu = process.cpuUsage();
const count = await postFor(Number(seconds) * 1_000);
const { user, system } = process.cpuUsage(cpu);
const perSecond = count / ((performance.now() - startedAt) / 1_000);
console.log(JSON.stringify({ cpuUs: (user + system) / count, perSecond }));
await pool.close();
