import { StanzaError } from "../../xmpp/errors.ts";
import { lookalike } from "../../xmpp/lookalike.ts";

/**
 * What two nicknames have in common that people would take for the same: neither case, width nor white space makes a
 * difference. What nobody sees is in no nickname (RFC 7622 3.4).
 */
export function nickKey(nick: string): string {
  return folded(nick).toLowerCase();
}

const folded = (nick: string): string => nick.normalize("NFKC").replaceAll(/\s+/gu, " ").trim();

/** Two nicknames that share one of these are not for two users: they are the same, or drawn alike. */
function nickForms(nick: string): readonly string[] {
  const key = nickKey(nick);
  const drawn = lookalike(folded(nick));
  return drawn === key ? [key] : [key, drawn];
}

/** Who has which nicknames. */
export class NickHolders {
  /** Bare JIDs, by form; the same user twice for two nicknames of theirs. */
  readonly #holders = new Map<string, string[]>();

  /** Does somebody other than this user have it, or one that it can be taken for? */
  hasOther(nick: string, user: string): boolean {
    return nickForms(nick).some((form) => this.#holders.get(form)?.some((holder) => holder !== user) === true);
  }

  add(nick: string, user: string): void {
    for (const form of nickForms(nick)) {
      const holders = this.#holders.get(form);
      if (holders === undefined) this.#holders.set(form, [user]);
      else holders.push(user);
    }
  }

  remove(nick: string, user: string): void {
    for (const form of nickForms(nick)) {
      const holders = this.#holders.get(form) ?? [];
      const at = holders.indexOf(user);
      if (at !== -1) holders.splice(at, 1);
      if (holders.length === 0) this.#holders.delete(form);
    }
  }
}

/** Throws StanzaError for a nickname that nobody could read, or that is too long. */
export function checkNick(nick: string, maxBytes: number): void {
  if (Buffer.byteLength(nick) > maxBytes) throw StanzaError.of("not-acceptable", `no more than ${maxBytes} bytes`);
  if (nickKey(nick) === "" || nick.trim() !== nick) throw StanzaError.of("not-acceptable", "not a nickname to be read");
}
