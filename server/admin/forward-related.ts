import type { contract } from "../../lib/contracts/index.ts";
import { formatStanzaId } from "../core/stanza-id.ts";
import type { OutboxEvent, Stores } from "../storage/ports.ts";
import { forwardEvent } from "./forward-event.ts";
import type { Verbs } from "./verbs.ts";

type Related = Awaited<ReturnType<Verbs<typeof contract.forward>["related"]>>;

const aroundMs = 5 * 60 * 1_000;
const mostAround = 50;

/** What else the store has about an event: its message, the message's other events, and the recipient's around it. */
export async function relatedTo({ outbox, archive }: Stores, event: OutboxEvent): Promise<Related> {
  const { id, user, host, createdAt } = event;
  const about = await outbox.messageOf(id);
  const [kept, all, around] = await Promise.all([
    about === null ? null : archive.find(about.id),
    about === null ? [] : outbox.about(user, [about.id]),
    outbox.list(
      { user, hosts: [host], since: createdAt - aroundMs, until: createdAt + aroundMs + 1 },
      { limit: mostAround },
    ),
  ]);
  const sameMessage = all.map((one) => one.event).filter((one) => one.id !== id);
  const told = new Set([id, ...sameMessage.map((one) => one.id)]);
  return {
    message: kept && {
      stanzaId: formatStanzaId(kept.key),
      isWaiting: kept.isWaiting,
      isArchived: kept.isArchived,
    },
    sameMessage: sameMessage.map(forwardEvent),
    sameUser: around.items.filter((one) => !told.has(one.id)).map(forwardEvent),
  };
}
