import { once } from "node:events";
import net, { type Socket } from "node:net";
import { concurrently, domain, header, localPart, LoadSession, pause } from "./session.ts";

/** Who is attacked, and for how long. */
export interface Site {
  readonly port: number;
  /** Connections that never log in. */
  readonly idle: number;
  readonly isOver: () => boolean;
}

type Attack = (site: Site) => Promise<void>;

/** Accounts of the attackers; those before are honest. */
export const firstAttacker = 10;
export const attackerCount = 6;
const addresses = 20;
const width = 16;
const unsentBytes = 256 * 1024;
const sasl = "urn:ietf:params:xml:ns:xmpp-sasl";
let connections = 0;

/** From one of many addresses. */
function connect({ port }: Site): Socket {
  connections += 1;
  const localAddress = `127.1.0.${1 + (connections % addresses)}`;
  return net.connect({ port, host: "127.0.0.1", localAddress }).on("error", () => undefined);
}

async function until(socket: Socket, event: "connect" | "close"): Promise<void> {
  if (!socket.destroyed) await Promise.race([once(socket, event), once(socket, "close")]);
}

/** Again and again, `width` at a time. */
async function storm(site: Site, one: () => Promise<void>): Promise<void> {
  await concurrently(width, width, async () => {
    while (!site.isOver()) await one();
  });
}

/** Says something before any login, and waits for the server to hang up. */
async function say(site: Site, text: string): Promise<void> {
  const socket = connect(site);
  await until(socket, "connect");
  socket.write(text);
  socket.resume();
  await Promise.race([until(socket, "close"), pause(2_000)]);
  socket.destroy();
}

/** What logged-in sessions send as fast as it is taken; those that are put out come back. */
async function flood(site: Site, stanza: string): Promise<void> {
  const chunk = stanza.repeat(Math.max(1, Math.floor(16_384 / stanza.length)));
  await concurrently(attackerCount, attackerCount, async (index) => {
    while (!site.isOver()) {
      const options = { port: site.port, isTls: false, mechanism: "SCRAM-SHA-1" } as const;
      const session = await LoadSession.login(firstAttacker + index, options).catch(() => null);
      if (session === null) {
        await pause(100);
        continue;
      }
      session.onBytes = () => undefined;
      while (!site.isOver() && !session.isClosed) {
        if (session.unsent < unsentBytes) session.write(chunk);
        await pause(1);
      }
      session.drop();
    }
  });
}

async function idle(site: Site): Promise<void> {
  const sockets: Socket[] = [];
  while (sockets.length < site.idle && !site.isOver()) {
    const some = Array.from({ length: 50 }, () => connect(site));
    sockets.push(...some);
    await Promise.all(some.map((socket) => until(socket, "connect")));
    for (const socket of some) socket.resume().write(header);
  }
  while (!site.isOver()) await pause(50);
  for (const socket of sockets) socket.destroy();
}

async function slowWriters(site: Site): Promise<void> {
  const sockets = Array.from({ length: 200 }, () => connect(site));
  for (let index = 0; !site.isOver(); index += 1) {
    for (const socket of sockets) if (!socket.destroyed) socket.write(header[index % header.length]!);
    await pause(20);
  }
  for (const socket of sockets) socket.destroy();
}

const oversize: Attack = async (site) => {
  const early = `${header}<auth xmlns='${sasl}'>${"x".repeat(64 * 1024)}`;
  const late = `<message to='${localPart(firstAttacker)}@${domain}'><body>${"x".repeat(300 * 1024)}</body></message>`;
  await Promise.all([storm(site, () => say(site, early)), flood(site, late)]);
};

const deep: Attack = async (site) => {
  const early = `${header}${"<a>".repeat(2_000)}`;
  const late = `<message to='${localPart(firstAttacker)}@${domain}'>${"<a>".repeat(126)}${"</a>".repeat(126)}</message>`;
  await Promise.all([storm(site, () => say(site, early)), flood(site, late)]);
};

const bruteForce: Attack = (site) =>
  storm(site, () => {
    const guess = Buffer.from(`\0${localPart(0)}\0guess ${connections}`).toString("base64");
    return say(site, `${header}<auth xmlns='${sasl}' mechanism='PLAIN'>${guess}</auth></stream:stream>`);
  });

const registrations: Attack = (site) =>
  storm(site, () => {
    const fields = `<username>x${connections}</username><password>a long password ${connections}</password>`;
    const iq = `<iq type='set' id='r'><query xmlns='jabber:iq:register'>${fields}</query></iq>`;
    return say(site, `${header}${iq}</stream:stream>`);
  });

const presence: Attack = (site) =>
  flood(site, `<presence/><presence to='${localPart(0)}@${domain}'/><presence type='unavailable'/>`);

export const attacks: ReadonlyMap<string, Attack> = new Map([
  ["idle connections", idle],
  ["slow writers", slowWriters],
  ["oversize XML", oversize],
  ["deep XML", deep],
  ["brute force", bruteForce],
  ["registrations", registrations],
  ["presence", presence],
]);
