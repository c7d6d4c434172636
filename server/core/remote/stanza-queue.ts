import type { Packet } from "../router.ts";

interface Waiting {
  readonly packet: Packet;
  readonly size: number;
  readonly until: number;
}

export interface QueueLimits {
  readonly maxStanzas: number;
  /** In UTF-16 units. */
  readonly maxLength: number;
  readonly waitMs: number;
}

/** Stanzas that wait for a link, in order and for a limited time. */
export class StanzaQueue {
  #waiting: Waiting[] = [];
  #length = 0;

  get size(): number {
    return this.#waiting.length;
  }

  /** In UTF-16 units. */
  get length(): number {
    return this.#length;
  }

  /** false: there is no room. */
  push(packet: Packet, now: number, { maxStanzas, maxLength, waitMs }: QueueLimits): boolean {
    const size = packet.stanza.toString().length;
    if (this.#waiting.length >= maxStanzas || this.#length + size > maxLength) return false;
    this.#waiting.push({ packet, size, until: now + waitMs });
    this.#length += size;
    return true;
  }

  /** Puts back what was taken once, ahead of all others and whatever the limits are. */
  putBack(packets: readonly Packet[], until: number): void {
    const again = packets.map((packet) => ({ packet, size: packet.stanza.toString().length, until }));
    for (const { size } of again) this.#length += size;
    this.#waiting = [...again, ...this.#waiting];
  }

  /** Takes everything. */
  takeAll(): Packet[] {
    const taken = this.#waiting.map(({ packet }) => packet);
    this.#waiting = [];
    this.#length = 0;
    return taken;
  }

  /** Takes what has waited long enough. */
  takeExpired(now: number): Packet[] {
    const fresh = this.#waiting.findIndex(({ until }) => until > now);
    const taken = this.#waiting.splice(0, fresh < 0 ? this.#waiting.length : fresh);
    for (const { size } of taken) this.#length -= size;
    return taken.map(({ packet }) => packet);
  }
}
