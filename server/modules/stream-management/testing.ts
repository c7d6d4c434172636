import { formatRecord } from "../../core/log.ts";
import type { Session } from "../../core/session.ts";
import { login, openStream, plainAuth, type StreamTestServer, streamTestServer } from "../../core/testing-streams.ts";
import { RawClient } from "../../net/testing.ts";
import { Jid } from "../../xmpp/jid.ts";
import { modules } from "../index.ts";

export const sm = "xmlns='urn:xmpp:sm:3'";
export const failed = (condition: string): string =>
  `<failed ${sm}><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`;
export const juliet = Jid.parse("juliet@capulet.example");
export const balcony = juliet.withResource("balcony");

/** The server of the test that runs. */
export let server: StreamTestServer;
let clients: RawClient[];
let syncs = 0;

export async function start(options: Record<string, number> = {}): Promise<void> {
  clients = [];
  server = await streamTestServer({
    modules,
    passwords: { "romeo@capulet.example": "secret", "juliet@capulet.example": "secret" },
    settings: { starttls: "optional", plainWithoutTls: true },
    policy(draft) {
      draft.modules["stream-management"] = { enabled: true, options };
    },
  });
}

/** Ends the server; nothing may have been complained of. */
export async function stop(): Promise<void> {
  for (const client of clients) client.destroy();
  await server.stop();
  if (server.complaints.length > 0) throw new Error(server.complaints.map(formatRecord).join("\n"));
}

export async function stream(): Promise<RawClient> {
  const client = await RawClient.connect(server.port);
  clients.push(client);
  await openStream(client, "capulet.example");
  return client;
}

/** Authenticated, and nothing bound. */
async function authenticated(user: string): Promise<RawClient> {
  const client = await stream();
  client.send(plainAuth("", user, "secret"));
  await client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
  await openStream(client, "capulet.example");
  return client;
}

export async function connected(jid: string): Promise<RawClient> {
  const client = await stream();
  await login(client, jid, "secret");
  return client;
}

/** Bound, with stream management, and available. */
export async function managed(jid: Jid, attributes = " resume='true'"): Promise<{ client: RawClient; id: string }> {
  const client = await connected(jid.full);
  client.send(`<enable ${sm}${attributes}/>`);
  const enabled = await client.until(/<enabled[^>]*>/);
  client.send("<presence/>");
  await client.until(/<presence [^>]*from='[^']*'[^>]*>/);
  client.send(`<a ${sm} h='1'/>`);
  return { client, id: / id='([^']+)'/.exec(enabled)?.[1] ?? "" };
}

export const romeo = (): Promise<RawClient> => connected("romeo@capulet.example/orchard");

export async function sync(client: RawClient): Promise<string> {
  syncs += 1;
  const id = `sync-${syncs}-`;
  client.send(`<iq type='get' id='${id}' to='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>`);
  return client.until(new RegExp(`<iq [^>]*id='${id}'[^>]*/>`));
}

export const chat = (text: string, to = juliet.bare, more = ""): string =>
  `<message type='chat' to='${to}' id='${text}'><body>${text}</body>${more}</message>`;
export const receipt = (id: string, to = juliet.bare): string =>
  `<message to='${to}' id='${id}'><received xmlns='urn:xmpp:receipts' id='x'/></message>`;

/** Ids of the messages in a text, in order. */
export const ids = (text: string): string[] =>
  [...text.matchAll(/<message [^>]*>/g)].map(([tag]) => / id='([^']*)'/.exec(tag)?.[1] ?? "");

export const session = (): Session | undefined => server.core.sessions.find(balcony);
export const depth = async (): Promise<number> =>
  (await server.stores.offline.depth("capulet.example", "juliet")).messages;

/** Waits until `isSo`; every round lets the server work. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; !(await isSo()); round += 1) {
    if (round > 1000) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export async function lose(client: RawClient): Promise<void> {
  client.destroy();
  await until(() => session()?.detachedAt !== null);
}

export async function resume(id: string, h: number, user = "juliet"): Promise<RawClient> {
  const client = await authenticated(user);
  client.send(`<resume ${sm} previd='${id}' h='${h}'/>`);
  return client;
}
