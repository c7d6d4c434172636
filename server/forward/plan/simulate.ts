import type { z } from "zod";
import type { ForwardPolicy } from "../../../lib/contracts/forward-policy.ts";
import type { Simulation } from "../../../lib/contracts/simulation.ts";
import type { Core } from "../../core/core.ts";
import type { OfflineDelivery } from "../../core/hooks.ts";
import type { Host } from "../../core/host.ts";
import { serverOrigin } from "../../core/router.ts";
import type { MessageClass, NewOutboxEvent } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { forward } from "../module.ts";
import { classifyRoom, hasContent } from "../rules/classify.ts";
import { HostRules, type Trace } from "../rules/compile.ts";
import type { Choice } from "../rules/rule.ts";
import type { Occasion } from "../rules/subject.ts";
import { encryptionOf } from "./content.ts";
import { occasionOf, planOne } from "./plan.ts";

type Outcome = z.infer<typeof Simulation>;

/** What is asked about. */
export interface Question {
  /** The recipient's host. */
  readonly host: Host;
  readonly stanza: Stanza;
  /** As if it came through a room; undefined: found out. */
  readonly class?: MessageClass | undefined;
  /** The policy to ask, in force or not. */
  readonly forward: ForwardPolicy;
}

/** The question cannot be asked: `message` says what is wrong with the stanza. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
}

/**
 * What happens to a stanza whose recipient is away. Classes, verdict, rules and payloads come from the functions that decide
 * when it really happens; nothing is stored or sent, and nobody is told. Throws SimulationError.
 */
export async function simulate(core: Core, question: Question): Promise<Outcome> {
  const { host, stanza } = question;
  const delivery = deliveryOf(question, core.clock.now());
  const { user } = delivery;
  const refusal = await refusalOf(core, host, delivery, isRoomClass(question.class));
  const occasion = occasionFor(question, delivery);
  const kept = keptAs(question, delivery, refusal);
  const rules = new HostRules(host.name, question.forward, {
    matchesAcl: (name, jid) => core.policy.matchesAcl(name, { jid, ip: null, host: host.name }),
    onFault: () => undefined,
  });
  const { choices, trace } = occasion === null ? nothing(question.forward) : rules.explain(occasion);
  const outcome: Outcome = {
    class: occasion?.class ?? null,
    ...kept,
    encrypted: stanza.kind === "message" ? encryptionOf(stanza) : null,
    rules: [...trace.rules],
    events: [],
    skipped: [...trace.skipped],
  };
  const isRunning = host.hooks.chain("message/offline").some(({ module }) => module === forward.name);
  const noEvents = isRunning ? refusal : `the module ${forward.name} does not run on ${host.name}`;
  if (occasion === null) return outcome;
  const waiting = await core.stores.offline.depth(host.name, user.local);
  const unread = waiting.messages + (kept.stored ? 1 : 0);
  for (const choice of choices) {
    const event = noEvents === null ? planOne(choice, occasion, occasion.at) : null;
    const devices = choice.settings.kind === "webhook" ? null : await devicesAt(core, user, choice.name);
    const reason = noEvents ?? inVain(choice, event, devices);
    if (event === null || reason !== null) outcome.skipped.push({ target: choice.name, reason: reason ?? "" });
    else outcome.events.push(eventOf(choice, event, devices, unread));
  }
  return outcome;
}

function isRoomClass(kind: MessageClass | undefined): kind is "groupchat" | "mention" {
  return kind === "groupchat" || kind === "mention";
}

function deliveryOf({ host, stanza }: Question, at: number): OfflineDelivery {
  const { from, to } = addressesOf(stanza);
  if (to.domain !== host.name) throw new SimulationError(`is for ${to.domain}, not for ${host.name}`);
  const reason = stanza.kind === "message" ? host.hooks.fire("offline/verdict", { stanza }) : undefined;
  const packet = { stanza, from, to, origin: serverOrigin, host };
  return { packet, user: to.toBare(), at, notStored: typeof reason === "string" ? reason : null, forwards: [] };
}

/** Throws SimulationError for what nobody could have sent to an account. */
export function addressesOf(stanza: Stanza): { readonly from: Jid; readonly to: Jid } {
  if (stanza.kind !== "message" && !(stanza.kind === "presence" && stanza.type === "subscribe"))
    throw new SimulationError("is neither a message nor a presence of type subscribe");
  const from = Jid.tryParse(stanza.from ?? "");
  const to = Jid.tryParse(stanza.to ?? "");
  if (from === undefined) throw new SimulationError("has no from that is a JID");
  if (to === undefined || to.local === "") throw new SimulationError("has no to that is the JID of an account");
  return { from, to };
}

function occasionFor({ class: kind, stanza }: Question, delivery: OfflineDelivery): Occasion | null {
  if (!isRoomClass(kind)) return occasionOf(delivery);
  const { packet, user, at } = delivery;
  const found = classifyRoom(stanza, kind === "mention");
  return found === null ? null : { class: found, stanza, from: packet.from, to: user, user, at };
}

/** Why the store takes neither message nor events; null: it takes them. */
async function refusalOf(
  core: Core,
  host: Host,
  { user, packet, notStored }: OfflineDelivery,
  isRoom: boolean,
): Promise<string | null> {
  if (!(await core.accounts.exists(user))) return `there is no account ${user.bare}`;
  if (await isBlocked(host, user, packet.from)) return "the recipient has blocked the sender";
  if (packet.stanza.kind === "presence" || isRoom || notStored !== null) return null;
  const bytes = Buffer.byteLength(packet.stanza.toString());
  const room = await host.hooks.fire("offline/room", { user, bytes });
  return room === undefined ? `nothing keeps messages on ${host.name}` : room.refusal;
}

// An account cannot keep away itself and its server.
async function isBlocked(host: Host, user: Jid, other: Jid): Promise<boolean> {
  if (other.bare === user.bare || (other.local === "" && other.domain === host.name)) return false;
  return (await host.hooks.fire("stanza/blocked", { user, other })) === true;
}

function keptAs(
  { class: kind }: Question,
  { packet, notStored }: OfflineDelivery,
  refusal: string | null,
): { readonly stored: boolean; readonly reason: string } {
  if (refusal !== null) return { stored: false, reason: refusal };
  if (packet.stanza.kind === "presence") return { stored: false, reason: "it is kept in the roster, as a request" };
  if (isRoomClass(kind)) return { stored: false, reason: "what is said in a room is not kept for its members" };
  const isForPeople = hasContent(packet.stanza);
  const kept = isForPeople ? "it has something in it for a person" : "it is kept, with nothing in it for a person";
  return { stored: notStored === null, reason: notStored ?? kept };
}

function nothing({ rules }: ForwardPolicy): { readonly choices: readonly Choice[]; readonly trace: Trace } {
  const reason = "it is nothing that is forwarded";
  return { choices: [], trace: { rules: rules.map(({ name }) => ({ name, matched: false, reason })), skipped: [] } };
}

async function devicesAt(core: Core, user: Jid, target: string): Promise<number> {
  const devices = await core.stores.devices.of(user.bare);
  return devices.filter((one) => one.target === target && one.isEnabled && one.disabled === null).length;
}

function inVain({ settings }: Choice, event: NewOutboxEvent | null, devices: number | null): string | null {
  if (event === null) {
    const preset = settings.kind === "webhook" ? `the preset ${settings.preset}` : settings.kind;
    return `${preset} has nothing to say about it`;
  }
  if (event.failed !== undefined) return `${event.failed}: an event would be recorded dead`;
  return devices === 0 ? "the recipient has no device there" : null;
}

function eventOf(
  { settings }: Choice,
  event: NewOutboxEvent,
  devices: number | null,
  unread: number,
): Outcome["events"][number] {
  const { payload: text, unreadAt } = event;
  const payload = unreadAt === undefined ? text : `${text.slice(0, unreadAt)}${unread}${text.slice(unreadAt)}`;
  return {
    target: event.target,
    kind: settings.kind,
    rule: event.rule,
    devices,
    dueAt: new Date(event.dueAt).toISOString(),
    expiresAt: new Date(event.expiresAt).toISOString(),
    cancelOn: event.cancelOn,
    contentType: event.contentType,
    payload,
    bytes: Buffer.byteLength(payload),
  };
}
