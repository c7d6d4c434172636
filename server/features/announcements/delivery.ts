import type { Router } from "../../core/router.ts";
import type { Origin } from "../../core/session.ts";
import type { AnnouncementRow, Stores } from "../../storage/ports.ts";
import { el } from "../../xmpp/element.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";

/** Of one account, looked through for a message that may be there. */
const maxLooked = 200;
const maxLookedBytes = 1024 * 1024;

type Text = Pick<AnnouncementRow, "id" | "subject" | "body">;

/** A message of the server's: `headline` is for those who are there, and kept for nobody (RFC 6121 5.2.2). */
export function announcementStanza(from: string, to: Jid, text: Text, type: "normal" | "headline"): Stanza {
  return Stanza.from(
    el(
      "message",
      NS.client,
      { from, to: to.full, type, id: `announce-${text.id}` },
      text.subject === "" ? undefined : el("subject", NS.client, undefined, text.subject),
      el("body", NS.client, undefined, text.body),
    ),
  );
}

/** Sends stanzas and learns when all that they left behind is on disk. */
export class Delivery implements Origin {
  readonly session = null;
  readonly #router: Router;
  #commits: Promise<unknown>[] = [];

  constructor(router: Router) {
    this.#router = router;
  }

  // Nobody waits for answers: an account that cannot have a message is none of the others' business.
  answer(): void {}

  awaitCommit(commit: Promise<unknown>): void {
    this.#commits.push(commit);
  }

  async send(stanza: Stanza): Promise<void> {
    await this.#router.send(stanza, this);
  }

  /** Rejects when one of them could not be stored. */
  async settled(): Promise<void> {
    while (this.#commits.length > 0) await Promise.all(this.#commits.splice(0));
  }
}

/** Has the account an announcement already, waiting or in its archive? */
export async function hasBeenTold(
  { archive, offline }: Pick<Stores, "archive" | "offline">,
  { domain: host, local }: Jid,
  announcement: Pick<AnnouncementRow, "id" | "createdAt">,
): Promise<boolean> {
  const id = `announce-${announcement.id}`;
  const isIt = ({ xml }: { readonly xml: string }): boolean => Stanza.parse(xml).id === id;
  const [kept, waiting] = await Promise.all([
    archive.query({
      host,
      local,
      with: host,
      start: announcement.createdAt,
      from: "start",
      limit: maxLooked,
      maxBytes: maxLookedBytes,
    }),
    offline.list(host, local, { limit: maxLooked }),
  ]);
  return (kept?.items.some(isIt) ?? false) || waiting.items.some(isIt);
}
