import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { Packet } from "../../core/router.ts";
import type { NewOutboxEvent, Outbox } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { ExpiringSet } from "../dispatch/expiring-set.ts";
import { callAnswerOf } from "./content.ts";

/** So much is remembered of what waits. What is forgotten is sent, although it was read by then. */
const maxRemembered = 100_000;
const displayedNs = "urn:xmpp:chat-markers:0";

/** XEP-0490 3: how far a user has read, on whatever device. */
export const displayedNode = "urn:xmpp:mds:displayed:0";

/**
 * Knows for which users of a host something waits that their doings may cancel, so that all others cost a look into a map:
 * coming online, reading (a displayed marker, XEP-0333, an answer, or what XEP-0490 publishes), and the end of a call that is ringing (XEP-0353).
 */
export class Cancellation {
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  readonly #log: Log;
  /** By bare JID of the user. */
  readonly #online = new ExpiringSet(maxRemembered);
  /** By {@link pair}. */
  readonly #reading = new ExpiringSet(maxRemembered);
  readonly #ringing = new ExpiringSet(maxRemembered);

  constructor(outbox: Outbox, clock: Clock, log: Log) {
    this.#outbox = outbox;
    this.#clock = clock;
    this.#log = log;
  }

  /** Takes up what waits since before the last start. Calls are not among it: they have stopped ringing. */
  async load(host: string): Promise<void> {
    const now = this.#clock.now();
    for (const { user, from, cancelOn } of await this.#outbox.cancellable()) {
      if (Jid.tryParse(user)?.domain !== host) continue;
      if (cancelOn === "online") this.#online.add(user, Infinity, now);
      if (cancelOn === "read") this.#reading.add(pair(user, Jid.tryParse(from)?.bare ?? from), Infinity, now);
    }
  }

  planned({ user, from, cancelOn, class: kind, expiresAt }: NewOutboxEvent): void {
    const now = this.#clock.now();
    if (cancelOn === "online") this.#online.add(user, expiresAt, now);
    if (cancelOn !== "read" && kind !== "call") return;
    const key = pair(user, Jid.parse(from).bare);
    if (cancelOn === "read") this.#reading.add(key, expiresAt, now);
    if (kind === "call") this.#ringing.add(key, expiresAt, now);
  }

  /** A resource of the account can be told of messages. */
  cameOnline(user: Jid): void {
    if (this.#online.delete(user.bare)) this.#cancel(user.bare, { kind: "online" });
  }

  /** A message that an account of the host sends: has it read what its recipient wrote, does it answer a call? */
  sent({ stanza, from, to }: Packet): void {
    if (this.#reading.size > 0 && hasRead(stanza)) this.read(from, to);
    if (this.#ringing.size === 0 || !callAnswerOf(stanza).isByCallee) return;
    // XEP-0353 3.2: an answer may go to the own account only, so that its other devices stop ringing.
    if (to.bare !== from.bare) this.#stopRinging(from.bare, to.bare);
    else for (const caller of this.#callersOf(from.bare)) this.#stopRinging(from.bare, caller);
  }

  /** The user has read what came from somebody, or from a room. */
  read(user: Jid, from: Jid): void {
    if (this.#reading.delete(pair(user.bare, from.bare))) this.#cancel(user.bare, { kind: "read", from: from.bare });
  }

  /** A message for an account of the host: does the caller take the call back? */
  arrived({ stanza, from, to }: Packet): void {
    if (this.#ringing.size > 0 && callAnswerOf(stanza).isByCaller) this.#stopRinging(to.bare, from.bare);
  }

  /** Nothing is remembered: no message has to be looked at. */
  get isIdle(): boolean {
    return this.#reading.size === 0 && this.#ringing.size === 0;
  }

  #callersOf(user: string): string[] {
    const prefix = pair(user, "");
    return this.#ringing.keys().flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
  }

  #stopRinging(user: string, caller: string): void {
    if (this.#ringing.delete(pair(user, caller))) this.#cancel(user, { kind: "call", from: caller });
  }

  #cancel(user: string, why: Parameters<Outbox["cancelFor"]>[1]): void {
    this.#outbox.cancelFor(user, why, this.#clock.now()).catch((error: unknown) => {
      this.#log.error("forwards could not be cancelled", { user, error: String(error) });
    });
  }
}

/** A user and a sender, bare; neither has a blank in it (RFC 7622 3). */
function pair(user: string, sender: string): string {
  return `${user} ${sender}`;
}

// XEP-0333 4: the marker of the last message read. Whoever answers has read as well.
function hasRead(stanza: Stanza): boolean {
  if (stanza.type === "error") return false;
  return stanza.has("displayed", displayedNs) || stanza.has("body");
}
