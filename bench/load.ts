import { chat, openLoop } from "./chat.ts";
import { idle, login } from "./login.ts";
import { forward, offline } from "./offline.ts";
import type { Run, Workload } from "./workload.ts";

/** The generator: a process of its own, on a core of its own. Takes a workload's name and a run, prints figures. */
const workloads = new Map<string, Workload>([
  ["login", login],
  ["login-tls", login],
  ["chat-1", (run) => chat(run, 500, 1, "chat message, window 1")],
  ["chat-10", (run) => chat(run, 500, 10, "chat message, window 10")],
  ["chat-acks", (run) => chat(run, 500, 10, "chat message, window 10, acknowledged", true)],
  ["chat-tls", (run) => chat(run, 200, 1, "chat message, TLS, window 1")],
  ["open", (run) => openLoop(run, 500, 1000, "chat message, 1000 a second")],
  ["offline", offline],
  ["forward", forward],
  ["idle", idle],
  ["idle-tls", idle],
]);

const [name = "", run = "{}"] = process.argv.slice(2);
const workload = workloads.get(name);
if (workload === undefined) throw new Error(`no workload ${name}`);
console.log(JSON.stringify(await workload(JSON.parse(run) as Run)));
process.exit(0);
