import { createHmac, randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { Meter } from "./counters.ts";
import { median } from "./measured.ts";
import { closeAll, concurrently, domain, header, LoadSession, localPart, password, pause } from "./session.ts";
import { Nightpost, pin } from "./subjects.ts";
import { machine } from "./table.ts";

/**
 * What it costs to come back: with the password (SCRAM-SHA-1, binding, and the session's features one by one), and with a token
 * in one step (XEP-0484, XEP-0386). All come over direct TLS, with a handshake of their own or going on with the TLS session of
 * before: `node bench/reconnect.ts [--count N] [--repeat N] [--only NAMES] [--profile DIRECTORY]`.
 */
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1200" },
    repeat: { type: "string", default: "5" },
    only: { type: "string" },
    profile: { type: "string" },
  },
});
const measured = Number(values.count);
const warmUp = Math.ceil(measured / 3);
const width = 20;
/** XEP-0352 and whatever else a client says after its login is the same for both. */
const enable = "<enable xmlns='urn:xmpp:sm:3' resume='true'/>";
const copies = "<enable xmlns='urn:xmpp:carbons:2'/>";
const fast = "xmlns='urn:xmpp:fast:0'";

const nightpost = await Nightpost.prepare();
const running = await nightpost.start({
  core: values.profile === undefined ? 0 : null,
  forwardTo: null,
  env: values.profile === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${values.profile}` },
});
const options = { port: running.tlsPort, isTls: true, mechanism: "SCRAM-SHA-1" } as const;
if (values.profile === undefined) pin(process.pid, 1);
const agents = Array.from({ length: warmUp + measured }, () => randomUUID());
const tokens: string[] = [];
/** The last TLS ticket of each, which is good for one connection (RFC 8446 C.4). */
const tickets: Buffer[] = [];
let resumed = 0;

/** All of them come, one after the other leaves; the CPU of the server for each that came after the warm-up, µs. */
async function cost(come: (index: number) => Promise<LoadSession>): Promise<number> {
  const early = await concurrently(warmUp, width, come);
  const meter = await Meter.start(running.pid, false);
  const late = await concurrently(measured, width, (index) => come(warmUp + index));
  const { cpuUs } = await meter.stop(measured);
  await closeAll([...early, ...late]);
  // What it still does about those who left is not part of the next measurement.
  await pause(1000);
  return cpuUs ?? 0;
}

async function withPassword(index: number): Promise<LoadSession> {
  const session = await LoadSession.login(index, options);
  await session.ask(`<iq type='set' id='copies'>${copies}</iq>`, "copies");
  await session.ask(enable, "<enabled");
  return session;
}

async function withToken(index: number, ticket?: Buffer): Promise<LoadSession> {
  const proof = createHmac("sha256", tokens[index]!).update("Initiator").digest();
  const initial = Buffer.concat([Buffer.from(`${localPart(index)}\0`), proof]);
  return inOneStep(index, "HT-SHA-256-NONE", initial, `<fast ${fast}/>`, ticket);
}

async function withTicket(index: number): Promise<LoadSession> {
  const session = await withToken(index, tickets[index]);
  if (session.isResumed) resumed += 1;
  return session;
}

async function forToken(index: number): Promise<LoadSession> {
  const initial = Buffer.from(`\0${localPart(index)}\0${password}`);
  return inOneStep(index, "PLAIN", initial, `<request-token ${fast} mechanism='HT-SHA-256-NONE'/>`);
}

/** XEP-0388 2.2, with Bind 2 and what a session is to begin with. */
async function inOneStep(
  index: number,
  mechanism: string,
  initial: Buffer,
  more: string,
  ticket?: Buffer,
): Promise<LoadSession> {
  const onTicket = (given: Buffer): void => {
    tickets[index] = given;
  };
  const session = await LoadSession.connect(index, { ...options, ticket, onTicket });
  await session.ask(header, "</stream:features>");
  const answer = await session.ask(
    `<authenticate xmlns='urn:xmpp:sasl:2' mechanism='${mechanism}'><initial-response>${initial.toString("base64")}</initial-response>` +
      `<user-agent id='${agents[index]}'><software>load</software></user-agent>${more}` +
      `<bind xmlns='urn:xmpp:bind:0'><tag>load</tag>${enable}${copies}</bind></authenticate>`,
    "</stream:features>",
    "</failure>",
  );
  if (!answer.includes("<enabled")) throw new Error(`${localPart(index)}@${domain} is not back: ${answer}`);
  const token = /\stoken='([^']+)'/.exec(answer)?.[1];
  if (token !== undefined) tokens[index] = token;
  return session;
}

const ways = [
  { name: "password", what: "with the password, feature by feature", come: withPassword },
  { name: "token", what: "with a token, in one step", come: (index: number) => withToken(index) },
  { name: "ticket", what: "with a token, in one step, the TLS session resumed", come: withTicket },
].map((way) => ({ ...way, seen: [] as number[] }));
const wanted = values.only?.split(",") ?? ways.map(({ name }) => name);
const taken = ways.filter(({ name }) => wanted.includes(name));

try {
  await cost(forToken);
  // They take turns, so that what disturbs the machine disturbs them alike.
  for (let round = 0; round < Number(values.repeat); round += 1) {
    // Nor does any of them always come after the same one, whose garbage it would pay for.
    for (const place of taken.keys()) {
      const { seen, come } = taken[(place + round) % taken.length]!;
      seen.push(await cost(come));
    }
    console.error(
      `round ${round + 1}: ${taken.map(({ name, seen }) => `${name} ${seen.at(-1)!.toFixed(0)}`).join(", ")} µs`,
    );
  }
  const first = median(taken[0]?.seen ?? []) ?? Number.NaN;
  console.log(`${machine()}\n\n| | CPU µs each | of the first |\n| --- | ---: | ---: |`);
  for (const { what, seen } of taken) {
    const each = median(seen) ?? Number.NaN;
    console.log(`| ${what} | ${each.toFixed(0)} | ${(each / first).toFixed(2)} |`);
  }
  if (wanted.includes("ticket")) console.log(`\n${resumed} TLS sessions were resumed.`);
} finally {
  await running.stop();
  nightpost.discard();
}
