import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { message } from "../message/module.ts";
import { offline } from "../offline/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { archive } from "./module.ts";

export const romeo = "romeo@montague.example";
export const juliet = "juliet@capulet.example";

export const mam = "xmlns='urn:xmpp:mam:2'";

/** One message of an answer. */
export interface Result {
  readonly id: string;
  readonly queryId: string | undefined;
  readonly stamp: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly body: string;
}
export interface Answer {
  readonly results: readonly Result[];
  readonly bodies: readonly string[];
  readonly isComplete: boolean;
  readonly first: string | undefined;
  readonly last: string | undefined;
  readonly count: string | undefined;
  readonly error: string | undefined;
}

/** Romeo and Juliet, online, on two hosts that keep archives with these options. */
export async function archiveServer(
  options: Record<string, unknown> = {},
): Promise<{ readonly server: TestServer; readonly r: TestClient; readonly j: TestClient }> {
  const server = await testServer({
    modules: [roster, presence, message, archive, offline],
    accounts: [romeo, juliet, "nurse@capulet.example"],
    policy(draft) {
      draft.modules["archive"] = { enabled: true, options };
    },
  });
  const r = await server.connect(`${romeo}/orchard`);
  const j = await server.connect(`${juliet}/balcony`);
  for (const client of [r, j]) {
    client.send("<presence/>");
    await client.sync();
  }
  return { server, r, j };
}

let queries = 0;

/** Fields of a submitted form. */
export function fields(values: Readonly<Record<string, string | readonly string[]>>): string {
  const field = ([name, value]: [string, string | readonly string[]]): string =>
    `<field var='${name}'>${[value]
      .flat()
      .map((one) => `<value>${one}</value>`)
      .join("")}</field>`;
  return `<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field>${Object.entries(values).map(field).join("")}</x>`;
}

export function rsm(content: string): string {
  return `<set xmlns='http://jabber.org/protocol/rsm'>${content}</set>`;
}

/** Asks the own archive; `to` asks somebody else's. */
export async function ask(
  client: TestClient,
  content = "",
  more: { to?: string; attributes?: string } = {},
): Promise<Answer> {
  queries += 1;
  const id = `query-${queries}`;
  const to = more.to === undefined ? "" : ` to='${more.to}'`;
  client.send(`<iq type='set' id='${id}'${to}><query ${mam} ${more.attributes ?? ""}>${content}</query></iq>`);
  const received = await client.sync();
  const end = received.find((stanza) => stanza.id === id);
  if (end === undefined) throw new Error(`no answer among ${received.map(String).join("\n")}`);
  return answerOf(
    received.slice(0, received.indexOf(end)).filter((stanza) => stanza.has("result", "urn:xmpp:mam:2")),
    end,
  );
}

function answerOf(stanzas: readonly Stanza[], end: Stanza): Answer {
  const results = stanzas.map(resultOf);
  const fin = end.child("fin", "urn:xmpp:mam:2");
  const set = fin?.child("set", "http://jabber.org/protocol/rsm");
  return {
    results,
    bodies: results.map(({ body }) => body),
    isComplete: fin?.attr("complete") === "true",
    first: set?.childText("first"),
    last: set?.childText("last"),
    count: set?.childText("count"),
    error: end.child("error")?.payload?.name,
  };
}

function resultOf(stanza: Stanza): Result {
  const result = stanza.child("result", "urn:xmpp:mam:2")!;
  const forwarded = result.child("forwarded", "urn:xmpp:forward:0");
  const message = forwarded?.child("message", "jabber:client");
  return {
    id: result.attr("id") ?? "",
    queryId: result.attr("queryid"),
    stamp: forwarded?.child("delay", "urn:xmpp:delay")?.attr("stamp"),
    from: message?.attr("from"),
    to: message?.attr("to"),
    body: message?.childText("body") ?? "",
  };
}
