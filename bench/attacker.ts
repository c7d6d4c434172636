/** The attackers, in a process of their own. `attacker.ts PORT SECONDS IDLE NAME…` */
import { attacks } from "./attacks.ts";

const [port, seconds, idle, ...names] = process.argv.slice(2);
const end = performance.now() + Number(seconds) * 1000;
const site = { port: Number(port), idle: Number(idle), isOver: () => performance.now() > end };
await Promise.all(names.map((name) => attacks.get(name)!(site)));
process.exit(0);
