import { createHash } from "node:crypto";
import type { TestClient } from "../../core/testing.ts";
import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";

/** `<pubsub/>` in an iq to the own account, or to somebody. */
export function pubsub(type: "get" | "set", content: string, options: { to?: string; owner?: boolean } = {}): string {
  const { to, owner = false } = options;
  const ns = owner ? `${NS.pubsub}#owner` : NS.pubsub;
  return `<iq type='${type}' id='p'${to === undefined ? "" : ` to='${to}'`}><pubsub xmlns='${ns}'>${content}</pubsub></iq>`;
}

/** `<publish/>` of one item, with publish options if any. */
export function publishing(node: string, id: string, payload: string, options: Record<string, string> = {}): string {
  const fields = Object.entries(options).map(([name, value]) => field(`pubsub#${name}`, value));
  const form = `<publish-options>${submit(`${NS.pubsub}#publish-options`, fields)}</publish-options>`;
  return `<publish node='${node}'><item id='${id}'>${payload}</item></publish>${fields.length === 0 ? "" : form}`;
}

export function field(name: string, ...values: string[]): string {
  return `<field var='${name}'>${values.map((value) => `<value>${value}</value>`).join("")}</field>`;
}

export function submit(formType: string, fields: readonly string[]): string {
  return `<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>${formType}</value></field>${fields.join("")}</x>`;
}

/** What comes of an iq: `result`, or the condition of the error and of pubsub. */
export function outcome(answer: Stanza | undefined): string {
  if (answer?.type !== "error") return answer?.type ?? "nothing";
  return answer
    .child("error")!
    .elements(undefined)
    .filter(({ name }) => name !== "text")
    .map(({ name }) => name)
    .join(" ");
}

/** What nobody waits for (last items are read and sent) is done, with stores in memory, when the event loop has turned. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const identity = "<identity category='client' type='pc'/>";

/** What a client that wants to hear of these nodes answers, and the `<c/>` of its presence. */
export function capabilities(nodes: readonly string[]): { c: string; query: string } {
  const features = [NS.discoInfo, ...nodes.map((node) => `${node}+notify`)].toSorted();
  const text = `client/pc//<${features.map((feature) => `${feature}<`).join("")}`;
  const ver = createHash("sha1").update(text).digest("base64");
  const listed = features.map((feature) => `<feature var='${feature}'/>`).join("");
  return {
    c: `<c xmlns='${NS.caps}' hash='sha-1' node='urn:test' ver='${ver}'/>`,
    query: `<query xmlns='${NS.discoInfo}' node='urn:test#${ver}'>${identity}${listed}</query>`,
  };
}

/** Sends presence that wants to hear of these nodes, and answers the question what is behind it if there is one. */
export async function appear(client: TestClient, nodes: readonly string[]): Promise<Stanza[]> {
  const { c, query } = capabilities(nodes);
  client.send(`<presence>${c}</presence>`);
  await turn();
  const received = await client.sync();
  const question = received.find(({ kind, type }) => kind === "iq" && type === "get");
  if (question !== undefined) {
    client.send(`<iq type='result' id='${question.id}' to='${question.from}'>${query}</iq>`);
    received.push(...(await client.sync()));
  }
  await turn();
  received.push(...(await client.sync()));
  return received.filter(({ kind }) => kind === "message");
}
