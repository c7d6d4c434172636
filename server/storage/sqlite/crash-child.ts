import { account, device, offlineUnit, outboxEvent } from "../conformance/samples.ts";
import { openSqlite } from "./client.ts";

/*
 * Run by crash.test.ts as a process of its own: commits messages with their forwards, to a web server and to a device, without end and writes the number of
 * each one to standard output once it is acknowledged, until somebody kills it.
 */

const [directory = "", start = "0"] = process.argv.slice(2);
const window = 100;

const stores = await openSqlite({ directory });
await stores.accounts.create(account("juliet"));
await stores.devices.register(device("phone"), 1);
let next = Number(start);

async function commitOn(): Promise<never> {
  for (;;) {
    const number = next++;
    const limits = { maxMessages: 1_000_000, maxBytes: 1_000_000_000 };
    const forwards = [outboxEvent(`e${number}`), outboxEvent(`p${number}`, { target: "push", toDevices: true })];
    const answer = await stores.offline.commit(offlineUnit(String(number), { ...limits, forwards }));
    if (answer === "stored") process.stdout.write(`${number}\n`);
  }
}
await Promise.all(Array.from({ length: window }, commitOn));
