import { createHash } from "node:crypto";
import { formatStanzaId, MessageKeys, parseStanzaId, type MessageKey } from "../../core/stanza-id.ts";
import { parseDateTime } from "../../xmpp/datetime.ts";
import type { Element } from "../../xmpp/element.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { NS_MAM } from "./names.ts";

/** A message of an archive, and the key that it gets here. */
export interface ArchivedMessage {
  readonly key: MessageKey;
  readonly message: Element;
}

/** Reads the results of one archive, in their order (XEP-0227 4.5). */
export class ArchiveReader {
  readonly #keys = new MessageKeys();

  /** undefined: it is no message that an archive would have. */
  read(result: Element): ArchivedMessage | undefined {
    const forwarded = result.child("forwarded", NS.forward);
    const message = forwarded?.child("message", NS.client);
    const at = parseDateTime(forwarded?.child("delay", NS.delay)?.attr("stamp") ?? "");
    if (!result.is("result", NS_MAM) || message === undefined || at === undefined) return undefined;
    return { key: this.#keyOf(result.attr("id") ?? "", at), message };
  }

  /** An id of ours stays; another one gives the same key each time that it is imported. */
  #keyOf(id: string, at: number): MessageKey {
    const known = parseStanzaId(id);
    if (known !== undefined && formatStanzaId(known) === id) return known;
    const salt = createHash("sha256").update(id).digest().readUIntBE(0, 6);
    return { id: this.#keys.next(at).id, salt };
  }
}
