import { createHmac } from "node:crypto";
import type { ConnectionOptions } from "node:tls";
import type { Policy } from "../../../lib/contracts/policy.ts";
import { formatRecord } from "../../core/log.ts";
import { base64, type StreamTestServer, streamTestServer } from "../../core/testing-streams.ts";
import { RawClient } from "../../net/testing.ts";
import { Jid } from "../../xmpp/jid.ts";
import { modules } from "../index.ts";

export const host = "capulet.example";
export const juliet = Jid.of("juliet", host);
export const romeo = Jid.of("romeo", host);
export const phone = "d4565fa7-4d72-4749-b3d3-740edbf87770";
export const laptop = "0b7ce3c4-8a4c-4a4b-9d3c-6a5d1c1f2e3a";

/** The server of the test that runs. */
export let server: StreamTestServer;
let clients: RawClient[] = [];

export async function start(policy?: (draft: Policy) => void, clientCa?: string): Promise<void> {
  clients = [];
  server = await streamTestServer({
    modules,
    passwords: { [juliet.bare]: "secret", [romeo.bare]: "secret" },
    ...(policy === undefined ? {} : { policy }),
    ...(clientCa === undefined ? {} : { clientCa }),
  });
}

/** Ends the server; nothing may have been complained of. */
export async function stop(): Promise<void> {
  for (const client of clients) client.destroy();
  await server.stop();
  if (server.complaints.length > 0) throw new Error(server.complaints.map(formatRecord).join("\n"));
}

export function header(from?: string): string {
  const sender = from === undefined ? "" : ` from='${from}'`;
  return `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${host}'${sender} version='1.0'>`;
}

/** An encrypted stream, with what is offered on it. */
export async function stream(
  options: { readonly from?: string; readonly tls?: ConnectionOptions } = {},
): Promise<{ readonly client: RawClient; readonly features: string }> {
  const client = await RawClient.connectTls(server.tlsPort, options.tls);
  clients.push(client);
  client.send(header(options.from));
  return { client, features: await client.until("</stream:features>") };
}

export function userAgent(id: string, inside = ""): string {
  return `<user-agent id='${id}'>${inside}</user-agent>`;
}

/** A request; `initial` is as bytes, left out for none. */
export function authenticate(mechanism: string, initial?: Buffer | string, inside = ""): string {
  const data =
    initial === undefined ? "" : `<initial-response>${Buffer.from(initial).toString("base64")}</initial-response>`;
  return `<authenticate xmlns='urn:xmpp:sasl:2' mechanism='${mechanism}'>${data}${inside}</authenticate>`;
}

export function plain(inside = "", user = "juliet", password = "secret"): string {
  return authenticate("PLAIN", `\0${user}\0${password}`, inside);
}

export function response(message: string): string {
  return `<response xmlns='urn:xmpp:sasl:2'>${base64(message)}</response>`;
}

/** The first message of a hashed token mechanism, and what the server has to answer. */
export function hashedToken(user: string, token: string, binding: Buffer = Buffer.alloc(0)) {
  const hmac = (who: string): Buffer => createHmac("sha256", token).update(who).update(binding).digest();
  return {
    first: Buffer.concat([Buffer.from(`${user}\0`), hmac("Initiator")]),
    answer: hmac("Responder").toString("base64"),
  };
}

/** Sends a request on a stream of its own; returns what it is told: all of the success with the features, or the failure. */
export async function ask(
  request: string,
  options?: Parameters<typeof stream>[0],
): Promise<{ readonly client: RawClient; readonly answer: string }> {
  const { client } = await stream(options);
  client.send(request);
  return { client, answer: await client.until(/<\/stream:features>|<\/failure>|<\/success>(?!<stream:features>)/) };
}

export const conditionOf = (answer: string): string =>
  /<failure [^>]*><([a-z-]+)/.exec(answer)?.[1] ?? (answer.includes("<success") ? "success" : answer);
export const tokenOf = (answer: string): string => /<token [^>]*token='([^']+)'/.exec(answer)?.[1] ?? "";
export const addressOf = (answer: string): string => /<authorization-identifier>([^<]*)</.exec(answer)?.[1] ?? answer;

let syncs = 0;
/** All that came until the server had dealt with what the client sent. */
export async function sync(client: RawClient): Promise<string> {
  syncs += 1;
  const id = `sync-${syncs}-`;
  client.send(`<iq type='get' id='${id}' to='${host}'><ping xmlns='urn:xmpp:ping'/></iq>`);
  return client.until(new RegExp(`<iq [^>]*id='${id}'[^>]*/>`));
}
