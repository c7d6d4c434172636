import { chat, openLoop } from "./chat.ts";
import { idle, login } from "./login.ts";
import { forward, offline } from "./offline.ts";
import { presence } from "./presence.ts";
import { room } from "./talk.ts";
import { isWorkload, type Run, type Workload, type WorkloadName } from "./workload.ts";

/** The generator: a process of its own, on a core of its own. Takes a workload's name and a run, prints figures. */
const workloads: Readonly<Record<WorkloadName, Workload>> = {
  login: (run) => login(run, "login, SCRAM-SHA-1"),
  "login-plain": (run) => login(run, "login, PLAIN"),
  "login-starttls": (run) => login(run, "login, SCRAM-SHA-1 after STARTTLS"),
  "login-tls": (run) => login(run, "login, SCRAM-SHA-1 over direct TLS"),
  "chat-1": (run) => chat(run, 500, 1, "chat, 500 sessions, window 1"),
  "chat-10": (run) => chat(run, 500, 10, "chat, window 10"),
  "chat-acks": (run) => chat(run, 500, 10, "chat, window 10, acknowledged", true),
  "chat-1-tls": (run) => chat(run, 200, 1, "chat over TLS, 200 sessions, window 1"),
  "chat-10-tls": (run) => chat(run, 200, 10, "chat over TLS, window 10"),
  "open-500": (run) => openLoop(run, 500, 500, "chat, 500 a second"),
  "open-1000": (run) => openLoop(run, 500, 1000, "chat, 1000 a second"),
  offline,
  forward,
  room,
  presence,
  idle: (run) => idle(run, 5000, "idle session"),
  "idle-tls": (run) => idle(run, 2000, "idle session over direct TLS"),
};

const [name = "", run = "{}"] = process.argv.slice(2);
if (!isWorkload(name)) throw new Error(`no workload ${name}`);
console.log(JSON.stringify(await workloads[name](JSON.parse(run) as Run)));
process.exit(0);
