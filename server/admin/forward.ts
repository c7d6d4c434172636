import type { ForwardEventDetail } from "../../lib/contracts/forward-event.ts";
import type { contract } from "../../lib/contracts/index.ts";
import type { MessageOfEvent, Outbox } from "../storage/ports.ts";
import { Stanza } from "../xmpp/stanza.ts";
import { hostName } from "./address.ts";
import type { Call } from "./call.ts";
import { refused } from "./errors.ts";
import { bodyNow } from "./forward-body.ts";
import { eventMissing, forwardAttempt, forwardEvent, outboxFilter } from "./forward-event.ts";
import { relatedTo } from "./forward-related.ts";
import { forwardReplays } from "./forward-replays.ts";
import { forwardRules } from "./forward-rules.ts";
import { forwardTargets } from "./forward-targets.ts";
import type { Admin } from "./parts.ts";
import { viewOf } from "./stanza-view.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

type KeptEvent = NonNullable<Awaited<ReturnType<Outbox["find"]>>>;

const dayMs = 24 * 60 * 60 * 1_000;

export function forward(admin: Admin): Verbs<typeof contract.forward> {
  const { core, forward: service } = admin;
  const { stores, clock } = core;
  const eventOf = async (id: string, call: Call) => {
    const event = await stores.outbox.find(id);
    if (event === null) throw eventMissing(id, clock.now());
    call.keepTo(event.host);
    return event;
  };

  /** `isOpen`: with the texts that people wrote. */
  const detailOf = async (event: KeptEvent, isOpen: boolean): Promise<ForwardEventDetail> => {
    const message = await stores.outbox.messageOf(event.id);
    return {
      ...forwardEvent(event),
      payload: isOpen ? event.payload : null,
      contentType: event.contentType,
      cancelOn: event.cancelOn,
      stanza: message === null ? null : stanzaOf(event, message, isOpen),
      attemptList: event.attemptList.map((attempt) => forwardAttempt(attempt, isOpen)),
    };
  };

  return {
    ...forwardTargets(admin),
    ...forwardReplays(admin),
    ...forwardRules(admin),

    async list({ host, cursor, limit, ...filter }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const page = await stores.outbox.list(outboxFilter(filter, hosts), { cursor, limit });
      return { ...page, items: page.items.map(forwardEvent) };
    },

    get: async ({ id }, call) => detailOf(await eventOf(id, call), false),

    reveal: async ({ id }, call) => detailOf(await eventOf(id, call), true),

    async neighbours({ id, host, ...filter }, call) {
      await eventOf(id, call);
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      return stores.outbox.neighbours(id, outboxFilter(filter, hosts));
    },

    related: async ({ id }, call) => relatedTo(stores, await eventOf(id, call)),

    async retry({ id, render }, call) {
      const event = await eventOf(id, call);
      const body = render ? await bodyNow(admin, event) : undefined;
      if (!(await stores.outbox.retry(id, clock.now(), body)))
        throw refused("conflict", "event-not-retriable", { state: event.state });
      service.wake([event.target]);
      return { ok: true };
    },

    async cancel({ id }, call) {
      const event = await eventOf(id, call);
      if (!(await stores.outbox.cancel(id, clock.now())))
        throw refused("conflict", "event-not-waiting", { state: event.state });
      return { ok: true };
    },

    async facets({ host, ...filter }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const { targets, classes, states, reasons, isComplete } = await stores.outbox.facets(outboxFilter(filter, hosts));
      return {
        targets: [...targets],
        classes: [...classes],
        states: [...states],
        reasons: [...reasons],
        isComplete,
      };
    },

    async histogram({ host, buckets, ...filter }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const wanted = outboxFilter(filter, hosts);
      const until = wanted.until ?? clock.now();
      const from = Math.min(wanted.since ?? until - dayMs, until - buckets);
      const bucketMs = Math.ceil((until - from) / buckets);
      const rows = await stores.outbox.histogram(wanted, from, bucketMs, buckets);
      return { from: timestamp(from), bucketMs, buckets: rows.map((row) => ({ ...row })) };
    },
  };
}

function stanzaOf({ user }: KeptEvent, { xml: text, from }: MessageOfEvent, isOpen: boolean) {
  const stanza = Stanza.parse(text);
  const { xml, masked } = viewOf(stanza.with({ from, to: stanza.to ?? user }), isOpen);
  return { xml, masked };
}
