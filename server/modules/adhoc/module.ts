import { z } from "zod";
import type { Command, CommandAnswer } from "../../core/command.ts";
import type { Entity } from "../../core/entity.ts";
import { defineModule } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError, type StanzaCondition } from "../../xmpp/errors.ts";
import { type FormValues, parseForm } from "../../xmpp/forms.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { type CommandSession, CommandSessions } from "./sessions.ts";

const sweepMs = 60_000;
const actions = ["execute", "cancel", "prev", "next", "complete"] as const;
type Action = (typeof actions)[number];

export const adhoc = defineModule({
  name: "adhoc",
  summary: "Lets entities run the commands of the server and its services.",
  xeps: [{ number: 50, version: "1.3.0" }],
  options: z.strictObject({}),
  requires: ["disco"],
  start(ctx) {
    const { core, host } = ctx;
    const sessions = new CommandSessions();
    ctx.every(sweepMs, () => sessions.forgetExpired(core.clock.now()));
    ctx.feature(NS.commands, ["host", "service"]);

    /** Whose commands are meant. Some clients address those of the server to their own account, which has none itself. */
    const entityOf = ({ from, to, host: addressed }: Packet): Entity | undefined => {
      if (to.local === "") return addressed;
      return to.resource === "" && to.bare === from.bare ? host : undefined;
    };

    ctx.hook("disco/node", async ({ packet, what, node }) => {
      const entity = entityOf(packet);
      if (entity === undefined) return undefined;
      if (node === NS.commands) return what === "items" ? listed(entity, packet) : [automation("command-list")];
      const command = entity.commands.get(node);
      if (command === undefined) return undefined;
      if (what === "items") return [];
      return (await command.mayRun(packet)) ? described(command) : refusal();
    });

    ctx.iq(["host", "service", "account"], "set", [NS.commands, "command"], async (iq, packet) => {
      const request = iq.payload!;
      const entity = entityOf(packet);
      if (entity === undefined) throw StanzaError.of("service-unavailable");
      const command = entity.commands.get(request.attr("node") ?? "");
      if (command === undefined) throw StanzaError.of("item-not-found");
      if (!(await command.mayRun(packet))) throw refusal();
      const action = actionOf(request);
      const now = core.clock.now();
      const requester = packet.from.full;
      const id = request.attr("sessionid");
      const session = id === undefined ? null : sessions.find(requester, id, entity.name, command.node, now);
      if (session === undefined) throw malformed("not-allowed", "session-expired");
      if (action === "cancel") {
        if (session === null) throw malformed("bad-request", "bad-sessionid");
        sessions.end(requester, session.id);
        return answer(command, session.id, "canceled");
      }
      const stages = stagesOf(action, request, session);
      const outcome = await command.run(stages, packet);
      if (outcome.kind === "completed") {
        if (session !== null) sessions.end(requester, session.id);
        return answer(command, session?.id, "completed", ...completion(outcome));
      }
      const { form, isLast } = outcome;
      const stage = { entity: entity.name, node: command.node, stages, isLast };
      const kept = sessions.keep(requester, stage, session, now);
      return answer(command, kept, "executing", actionsElement(stages.length > 0, isLast), form);
    });
  },
});

async function listed(entity: Entity, packet: Packet): Promise<Element[]> {
  const items: Element[] = [];
  for (const { node, name, mayRun } of entity.commands.values())
    if (await mayRun(packet)) items.push(el("item", NS.discoItems, { jid: entity.name, node, name }));
  return items;
}

// XEP-0050 2.2.
function described({ name }: Command): Element[] {
  return [
    automation("command-node", name),
    ...[NS.commands, NS.forms].map((feature) => el("feature", NS.discoInfo, { var: feature })),
  ];
}

function automation(type: string, name?: string): Element {
  return el("identity", NS.discoInfo, { category: "automation", type, name });
}

function actionOf(request: Element): Action {
  const text = request.attr("action") ?? "execute";
  const action = actions.find((one) => one === text);
  if (action === undefined) throw malformed("bad-request", "malformed-action");
  return action;
}

/**
 * The forms of all stages up to now. A form that comes with the very first request is taken as the answer to the first
 * stage: clients that know the command skip being asked.
 */
function stagesOf(action: Action, request: Element, session: CommandSession | null): readonly FormValues[] {
  const before = session?.stages ?? [];
  if (action === "prev") {
    if (before.length === 0) throw malformed("bad-request", "bad-action");
    return before.slice(0, -1);
  }
  if (action === "next" && session?.isLast === true) throw malformed("bad-request", "bad-action");
  if (action === "complete" && session?.isLast === false) throw malformed("bad-request", "bad-action");
  const element = request.child("x", NS.forms);
  if (element === undefined) {
    if (session === null) return before;
    throw malformed("bad-request", "bad-payload");
  }
  const form = parseForm(element);
  if (form?.type !== "submit") throw malformed("bad-request", "bad-payload");
  return [...before, form];
}

function actionsElement(hasBefore: boolean, isLast: boolean): Element {
  const onward = isLast ? "complete" : "next";
  const back = hasBefore ? el("prev", NS.commands) : undefined;
  return el("actions", NS.commands, { execute: onward }, back, el(onward, NS.commands));
}

function completion({ form, note }: Extract<CommandAnswer, { kind: "completed" }>): (Element | undefined)[] {
  return [form, note === undefined ? undefined : el("note", NS.commands, { type: note.type }, note.text)];
}

function answer(
  { node }: Command,
  sessionid: string | undefined,
  status: "executing" | "completed" | "canceled",
  ...children: (Element | undefined)[]
): Element {
  return el("command", NS.commands, { node, sessionid, status }, ...children);
}

function refusal(): StanzaError {
  return StanzaError.of("forbidden", undefined, { type: "cancel" });
}

// XEP-0050 4.4.
function malformed(condition: StanzaCondition, app: string): StanzaError {
  const type = condition === "not-allowed" ? "cancel" : "modify";
  return StanzaError.of(condition, undefined, { type, app: el(app, NS.commands) });
}
