/**
 * The torture: users with one or two resources write to each other over connections that die all the time, wherever in a stanza
 * that is. With stream management, copies and the archive on, nothing of it may show.
 *
 * `node e2e/torture/run.ts [--messages N] [--users N] [--seed TEXT]`
 */
import { parseArgs } from "node:util";
import { archivedBodies } from "../support/archive.ts";
import { numbers } from "../support/numbers.ts";
import { until } from "../support/ports.ts";
import { TestServer } from "../support/server.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { StubbornClient } from "./client.ts";
import { FlakyNetwork } from "./network.ts";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "3000" },
    users: { type: "string", default: "20" },
    seed: { type: "string", default: String(Date.now()) },
  },
});
const userCount = Number(values.users);
const password = "correct horse";
/** What a connection carries before it dies, on average; a login that resumes takes two thousand. */
const meanBytes = 12_000;
const arrivalMs = 60_000;

interface Message {
  readonly from: string;
  readonly to: string;
  readonly body: string;
}

const random = numbers(values.seed);
const pick = (count: number): number => Math.floor(random.next().value * count);
console.error(`seed ${values.seed}`);

const server = await TestServer.start({ env: { NIGHTPOST_LOG: "warn" } });
const networks = {
  tcp: await new FlakyNetwork(server.c2sPort, numbers(`${values.seed} tcp`), meanBytes).start(),
  websocket: await new FlakyNetwork(server.httpPort, numbers(`${values.seed} websocket`), meanBytes).start(),
};
const users = Array.from({ length: userCount }, (_, index) => `user${index}`);
for (const user of users) await server.register(user, password);

/** Every other user has a second resource, which is connected over a WebSocket. */
const resources = users.flatMap((user, index) =>
  (index % 2 === 0 ? (["tcp"] as const) : (["tcp", "websocket"] as const)).map((transport) => ({ user, transport })),
);
const arrivedAt = new Map(users.map((user) => [user, new Set<string>()]));
const clients = resources.map(({ user, transport }) => {
  const client: StubbornClient = new StubbornClient(
    { user, resource: transport, password },
    { port: networks[transport].port, transport },
    () => {
      const { body, isOwn } = client.arrivals.at(-1)!;
      if (!isOwn) arrivedAt.get(user)!.add(body);
    },
  );
  return client;
});
const running = clients.map((client) => client.run());
await Promise.all(clients.map((client) => client.settle("connected")));

const messages = Array.from({ length: Number(values.messages) }, (_, index): Message => {
  const from = clients[index % clients.length]!;
  const others = users.filter((user) => user !== from.user);
  return { from: from.name, to: others[pick(others.length)]!, body: `${from.name} ${index}` };
});
const startedAt = performance.now();
for (const network of Object.values(networks)) network.calm(false);
await Promise.all(clients.map((client) => client.send(sentBy(client.name))));
const seconds = (performance.now() - startedAt) / 1000;
for (const network of Object.values(networks)) network.calm(true);

const expected = new Map(users.map((user) => [user, messages.filter(({ to }) => to === user).map(({ body }) => body)]));
const missing = (): number =>
  [...expected].reduce(
    (sum, [user, bodies]) => sum + bodies.filter((body) => !arrivedAt.get(user)!.has(body)).length,
    0,
  );
await until(() => missing() === 0 || hasFaults(), "everything has arrived", arrivalMs).catch(() => undefined);
// A message that comes twice would come now.
for (const round of ["once", "again"]) await Promise.all(clients.map((client) => client.settle(round)));
for (const client of clients) await client.stop();
await Promise.all(running);

const archives = new Map<string, string[]>();
for (const user of users) {
  const client = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await client.login(user, password);
  archives.set(user, await archivedBodies(client));
  await client.close();
}

const results: [name: string, isSo: boolean, detail: string][] = [];
const died = Object.values(networks).map(({ died: counts }) => counts);
const deaths = died.reduce((sum, { reset, ended, unnoticed }) => sum + reset + ended + unnoticed, 0);
const resumed = clients.reduce((sum, { resumptions }) => sum + resumptions, 0);
results.push([
  "connections died all the time",
  deaths > messages.length / 20,
  `${deaths} in ${seconds.toFixed(1)} s, ${resumed} streams resumed`,
]);
const faults = clients.flatMap((client) => client.faults);
results.push(["no client was refused anything", faults.length === 0, faults.slice(0, 5).join("; ")]);
results.push(["every message arrived", missing() === 0, `${messages.length - missing()} of ${messages.length}`]);
const twice = clients.flatMap((client) => repeated(client.arrivals.map(({ body }) => body)));
results.push(["no resource got a message twice", twice.length === 0, twice.slice(0, 5).join("; ")]);
const copiesMissing = clients.filter((client) => !hasAllCopies(client));
results.push([
  "each resource got a copy of what its account's other one sent",
  copiesMissing.length === 0,
  copiesMissing.map(({ name }) => name).join(", "),
]);
// Where an account has two resources, what waited in memory for one of them reaches it before what waited on disk for both.
const alone = clients.filter(({ user }) => clients.filter((one) => one.user === user).length === 1);
const misplaced = [
  ...alone.flatMap(({ name, arrivals }) =>
    outOfOrder(
      name,
      arrivals.map(({ body }) => body),
    ),
  ),
  ...clients.flatMap(({ name, arrivals }) =>
    outOfOrder(
      `copies of ${name}`,
      arrivals.filter(({ isOwn }) => isOwn).map(({ body }) => body),
    ),
  ),
];
results.push(["each sender's messages came in order", misplaced.length === 0, misplaced.slice(0, 5).join("; ")]);
const unlike = users.filter((user) => !isComplete(user, archives.get(user)!));
results.push(["each archive has both sides of everything, once", unlike.length === 0, unlike.join(", ")]);
const unordered = users.flatMap((user) => outOfOrder(`archive of ${user}`, archives.get(user)!));
results.push(["each archive is in order", unordered.length === 0, unordered.slice(0, 5).join("; ")]);
for (const network of Object.values(networks)) await network.stop();
results.push(["the server stops in an orderly way", (await server.stop()) === 0, ""]);

for (const [name, isSo, detail] of results)
  console.log(`${isSo ? "ok  " : "FAIL"} ${name}${detail === "" ? "" : `: ${detail}`}`);
const failed = results.filter(([, isSo]) => !isSo).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function sentBy(name: string): Message[] {
  return messages.filter(({ from }) => from === name);
}

function hasFaults(): boolean {
  return clients.some((client) => client.faults.length > 0);
}

function repeated(bodies: readonly string[]): string[] {
  return bodies.filter((body, index) => bodies.indexOf(body) !== index);
}

function hasAllCopies({ user, name, arrivals }: StubbornClient): boolean {
  const copies = new Set(arrivals.filter(({ isOwn }) => isOwn).map(({ body }) => body));
  const others = clients.filter((other) => other.user === user && other.name !== name);
  return others.flatMap((other) => sentBy(other.name)).every(({ body }) => copies.has(body));
}

/** Messages that came after a later one of the same resource. */
function outOfOrder(where: string, bodies: readonly string[]): string[] {
  const last = new Map<string, number>();
  return bodies.flatMap((body) => {
    const [sender = "", number = ""] = body.split(" ");
    const before = last.get(sender) ?? -1;
    last.set(sender, Math.max(before, Number(number)));
    return Number(number) > before ? [] : [`${body} at ${where}`];
  });
}

function isComplete(user: string, archive: readonly string[]): boolean {
  const own = messages.filter(({ from, to }) => to === user || from.startsWith(`${user}/`));
  const wanted = own.map(({ body }) => body);
  return archive.length === wanted.length && new Set([...archive, ...wanted]).size === wanted.length;
}
