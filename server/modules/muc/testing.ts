import type { Policy } from "../../../lib/contracts/policy.ts";
import type { ModuleDefinition } from "../../core/module.ts";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import type { Element } from "../../xmpp/element.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { disco } from "../disco/module.ts";
import { message } from "../message/module.ts";
import { offline } from "../offline/module.ts";
import { ping } from "../ping.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { vcard } from "../vcard.ts";
import { muc } from "./module.ts";
import { NS_USER } from "./namespaces.ts";

export const service = "conference.macbeth.example";
export const coven = `coven@${service}`;
export const owner = `xmlns='http://jabber.org/protocol/muc#owner'`;
export const admin = `xmlns='http://jabber.org/protocol/muc#admin'`;
export const user = `xmlns='${NS_USER}'`;

/** A server with the three witches, a stranger and whoever else. */
export function witches(
  options: Readonly<Record<string, unknown>> = {},
  more: { modules?: readonly ModuleDefinition[]; policy?: (draft: Policy) => void } = {},
): Promise<TestServer> {
  const names = ["crone1", "wiccarocks", "hag66", "macbeth", "duncan"];
  return testServer({
    modules: [disco, ping, roster, presence, message, offline, vcard, muc, ...(more.modules ?? [])],
    accounts: names.map((name) => `${name}@macbeth.example`),
    policy(draft) {
      draft.modules["muc"] = { enabled: true, options: { ...options } };
      more.policy?.(draft);
    },
  });
}

/** Enters a room and forgets what it is told there. */
export async function enter(client: TestClient, nick: string, content = "", room = coven): Promise<Stanza[]> {
  client.send(`<presence to='${room}/${nick}'><x xmlns='http://jabber.org/protocol/muc'>${content}</x></presence>`);
  return client.sync();
}

/** An owner with an open room. */
export async function founded(
  server: TestServer,
  fields: Readonly<Record<string, string | readonly string[]>> = {},
  room = coven,
): Promise<TestClient> {
  const client = await server.connect("crone1@macbeth.example/desktop");
  await enter(client, "firstwitch", "", room);
  await configure(client, fields, room);
  await client.sync();
  return client;
}

export async function configure(
  client: TestClient,
  fields: Readonly<Record<string, string | readonly string[]>>,
  room = coven,
): Promise<Stanza[]> {
  client.send(`<iq type='set' id='config' to='${room}'><query ${owner}>${submit("roomconfig", fields)}</query></iq>`);
  return client.sync();
}

/** A form of one of the `muc#` types that is submitted. */
export function submit(type: string, fields: Readonly<Record<string, string | readonly string[]>>): string {
  const all = { FORM_TYPE: `http://jabber.org/protocol/muc#${type}`, ...fields };
  const text = Object.entries(all).map(([name, values]) => {
    const content = [values].flat().map((value) => `<value>${value}</value>`);
    return `<field var='${name}'>${content.join("")}</field>`;
  });
  return `<x xmlns='jabber:x:data' type='submit'>${text.join("")}</x>`;
}

/** Short for what somebody was sent by a room: presence with its codes, messages with their text. */
export function shown(stanza: Stanza): string {
  const who = stanza.from?.split("/")[1] ?? "room";
  const x = stanza.child("x", NS_USER);
  const item = x?.child("item");
  const codes = (x?.elements("status") ?? [])
    .map((one) => Number(one.attr("code")))
    .toSorted((a, b) => a - b)
    .join(",");
  const suffix = codes === "" ? "" : ` ${codes}`;
  if (stanza.type === "error") return `error ${condition(stanza)}`;
  if (stanza.kind === "presence") {
    return `${stanza.type ?? "available"} ${who} ${item?.attr("affiliation")}/${item?.attr("role")}${suffix}`;
  }
  if (stanza.kind === "iq") return `iq ${stanza.type}`;
  const body = stanza.childText("body");
  if (body !== undefined) return `${who}: ${body}`;
  const subject = stanza.childText("subject");
  return subject === undefined ? `message ${who}${suffix}` : `subject ${who}: ${subject}`;
}

export function condition(stanza: Stanza | undefined): string | undefined {
  return stanza?.child("error")?.payload?.name;
}

/** {@link shown} of all that was received since the last call. */
export async function received(client: TestClient): Promise<string[]> {
  return (await client.sync()).map(shown);
}

/** Sends an iq and takes its answer, leaving out whatever else came. */
export async function ask(client: TestClient, type: "get" | "set", payload: string, to = coven): Promise<Stanza> {
  client.send(`<iq type='${type}' id='asked' to='${to}'>${payload}</iq>`);
  const answer = (await client.sync()).find(({ id, kind }) => kind === "iq" && id === "asked");
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

/** Asks, and gives `ok` or the condition of the error. */
export async function outcome(client: TestClient, payload: string, to = coven): Promise<string> {
  const answer = await ask(client, "set", payload, to);
  return answer.type === "result" ? "ok" : String(condition(answer));
}

export function items(answer: Stanza): Element[] {
  return answer.payload?.elements("item") ?? [];
}
