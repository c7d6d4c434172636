import type { Log } from "../../core/log.ts";
import type { Packet } from "../../core/router.ts";
import type { Archive, ArchivedMessage } from "../../storage/ports.ts";
import { formatDateTime } from "../../xmpp/datetime.ts";
import { el } from "../../xmpp/element.ts";
import { escapeAttribute } from "../../xmpp/escape.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";

export const NS_RETRACT = "urn:xmpp:message-retract:1";
/** So far back in a conversation a retracted message is looked for: messages of a page, bytes of it, and pages. */
const perPage = 250;
const maxPageBytes = 1024 * 1024;
const maxPages = 8;

/** Whose archive, and which side of the conversation retracted its message. */
interface Conversation {
  readonly owner: Jid;
  /** A bare JID where all of its resources are one and the same sender. */
  readonly peer: string;
  readonly isOwn: boolean;
}

/** The effect of retractions on the archives of a host. */
export class Retractions {
  readonly #archive: Archive;
  readonly #ways: { readonly isOn: boolean; now(): number; flush(): void; readonly log: Log };
  /** By bare JID of the archive's owner. */
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(archive: Archive, ways: { readonly isOn: boolean; now(): number; flush(): void; readonly log: Log }) {
    this.#archive = archive;
    this.#ways = ways;
  }

  /** Once it resolves, the retraction has had its effect; until then its sender is not told that it was taken. */
  async take({ stanza, origin }: Packet, conversation: Conversation): Promise<undefined> {
    const { isOn, now, flush, log } = this.#ways;
    const retracted = retractedBy(stanza);
    if (!isOn || retracted === undefined) return;
    flush();
    const { bare } = conversation.owner;
    const buried = bury(this.#archive, conversation, { id: stanza.id ?? "", retracted, at: now() }).catch(
      (error: unknown) => log.error("a message was not retracted", { error: String(error) }),
    );
    origin.awaitCommit(buried);
    const all = Promise.all([this.#underWay.get(bare), buried]);
    this.#underWay.set(bare, all);
    await all;
    if (this.#underWay.get(bare) === all) this.#underWay.delete(bare);
  }

  /** Settles when an account's archive shows what was retracted before. */
  underWay(owner: Jid): Promise<unknown> | undefined {
    return this.#underWay.get(owner.bare);
  }
}

/** The id of the message that this one retracts, by a retraction that has an id of its own (XEP-0424 3, 4). */
function retractedBy(stanza: Stanza): string | undefined {
  if (!stanza.has("retract", NS_RETRACT) || stanza.id === undefined || stanza.id === "") return undefined;
  const id = stanza.child("retract", NS_RETRACT)?.attr("id");
  return id === "" ? undefined : id;
}

/**
 * Puts a tombstone in place of a message that its sender has retracted (XEP-0424 4). Only one of the same sender counts
 * (5), the newest of that id; one that is not in the archive, or too far back, is left to the clients.
 */
async function bury(
  archive: Archive,
  { owner, peer, isOwn }: Conversation,
  retraction: { readonly id: string; readonly retracted: string; readonly at: number },
): Promise<void> {
  const mark = escapeAttribute(retraction.retracted);
  const found = await newest(archive, owner, peer, (item) => {
    if (item.isOwn !== isOwn || !item.xml.includes(mark)) return false;
    const { id, kind, children } = Stanza.parse(item.xml);
    return kind === "message" && id === retraction.retracted && !children.some(({ ns }) => ns === NS_RETRACT);
  });
  if (found === undefined) return;
  const retracted = el("retracted", NS_RETRACT, { id: retraction.id, stamp: formatDateTime(retraction.at) });
  // The ids that clients know it by stay.
  const tombstone = Stanza.parse(found.xml).without(({ ns }) => ns !== NS.stanzaId);
  await archive.rewrite(owner.domain, owner.local, found.key, tombstone.append(retracted).toString());
}

async function newest(
  archive: Archive,
  owner: Jid,
  peer: string,
  isWanted: (item: ArchivedMessage) => boolean,
): Promise<ArchivedMessage | undefined> {
  let before: ArchivedMessage["key"] | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const found = await archive.query({
      host: owner.domain,
      local: owner.local,
      with: peer,
      ...(before === undefined ? {} : { before: [before] }),
      from: "end",
      limit: perPage,
      maxBytes: maxPageBytes,
    });
    const item = found?.items.findLast(isWanted);
    if (item !== undefined) return item;
    before = found?.items[0]?.key;
    if (found === null || found.isComplete || before === undefined) return undefined;
  }
  return undefined;
}
