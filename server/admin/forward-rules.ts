import type { ForwardTarget } from "../../lib/contracts/forward-target.ts";
import type { contract } from "../../lib/contracts/index.ts";
import { own } from "../core/policy/engine.ts";
import { attemptTimesMs } from "../forward/dispatch/retry.ts";
import { countMatches } from "../forward/jobs/matches.ts";
import { checkTarget } from "../forward/plan/checks.ts";
import { preview } from "../forward/plan/preview.ts";
import { simulate, SimulationError } from "../forward/plan/simulate.ts";
import { openTarget, secretMask, targetSecrets } from "../forward/target-secrets.ts";
import { StreamError } from "../xmpp/errors.ts";
import { Stanza } from "../xmpp/stanza.ts";
import { hostName, requireHost } from "./address.ts";
import type { Call } from "./call.ts";
import { badInput, badInputAs, refused } from "./errors.ts";
import { eventMissing } from "./forward-event.ts";
import type { Admin } from "./parts.ts";
import { revise, revisionOf } from "./revise.ts";
import { requireSecrets } from "./target-secrets.ts";
import type { Verbs } from "./verbs.ts";

type RuleVerbs = "rules" | "setRules" | "countMatches" | "simulate" | "preview" | "checkTarget";

/** What is forwarded where, and what would become of a message. */
export function forwardRules(admin: Admin): Pick<Verbs<typeof contract.forward>, RuleVerbs> {
  const { core, secrets } = admin;
  const { policy, stores } = core;

  /** The stanza asked about: pasted, or the one that an event was made for. */
  const stanzaOf = async (text: string | undefined, event: string | undefined, host: string, call: Call) => {
    if ((text === undefined) === (event === undefined)) throw badInput("stanza", "stanza-or-event");
    if (text !== undefined) return readStanza(text);
    const found = await stores.outbox.find(event!);
    if (found === null) throw eventMissing(event!, core.clock.now());
    call.keepTo(found.host);
    if (found.host !== host) throw badInput("host", "not-the-events-host", { host: found.host });
    const message = await stores.outbox.messageOf(event!);
    if (message === null) throw refused("not-found", "event-message-gone", { id: event! });
    return Stanza.parse(message.xml);
  };

  /** The target with what is stored behind its masks; as it is when it has none, or nothing tells whose they are. */
  const opened = async (name: string | undefined, target: ForwardTarget): Promise<ForwardTarget> => {
    const isMasked = targetSecrets("", target).some(({ value }) => value === secretMask);
    if (!isMasked || name === undefined) return target;
    requireSecrets(target, own(policy.document.forward.targets, name), "target");
    return openTarget(name, target, stores.admin, secrets);
  };

  return {
    rules: () => ({ items: [...policy.document.forward.rules], revision: revisionOf(policy.revision) }),

    async setRules({ rules, baseRevision: base, comment }, call) {
      call.note(`${rules.length} rules`);
      const { revision } = await revise(admin, call, { comment, base }, (draft) => {
        draft.forward.rules = rules;
      });
      return { revision };
    },

    async countMatches({ rules }, call) {
      const forward = { ...policy.document.forward, ...(rules === undefined ? {} : { rules }) };
      const hosts = call.hosts() ?? Object.keys(policy.document.hosts);
      return countMatches({ archive: stores.archive, policy, clock: core.clock }, hosts, forward);
    },

    async simulate({ host: asked, stanza: text, event, class: kind, rules }, call) {
      const name = hostName(asked);
      requireHost(core, name);
      const host = core.hosts.get(name);
      if (host === undefined) throw refused("conflict", "host-off", { host: name });
      const stanza = await stanzaOf(text, event, name, call);
      const forward = { ...policy.document.forward, ...(rules === undefined ? {} : { rules }) };
      const outcome = await simulate(core, { host, stanza, class: kind, forward }).catch(asBadInput);
      if (call.may("bodies:read", name)) return outcome;
      return { ...outcome, events: outcome.events.map((one) => ({ ...one, payload: null })) };
    },

    preview({ target, stanza }) {
      const { problems } = checkTarget(target);
      try {
        return { problems, payload: preview(target, stanza === undefined ? null : readStanza(stanza)) };
      } catch (error) {
        return asBadInput(error);
      }
    },

    async checkTarget({ name, target }) {
      const { maxAttempts, ttlSeconds } = target;
      const times = attemptTimesMs(admin.forward.retryMs, maxAttempts, ttlSeconds * 1_000);
      return { ...checkTarget(await opened(name, target)), attemptsAt: times.map((ms) => ms / 1_000) };
    },
  };
}

function readStanza(text: string): Stanza {
  try {
    return Stanza.parse(text.trim());
  } catch (error) {
    if (error instanceof StreamError)
      throw badInput("stanza", "unreadable", { reason: error.message || error.condition });
    throw error;
  }
}

function asBadInput(error: unknown): never {
  if (error instanceof SimulationError) throw badInputAs("stanza", error.message);
  throw error;
}
