import { hash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import type { DomainPair, IncomingNegotiation, ServerFeature } from "../../core/remote/negotiation.ts";
import { pairKey } from "../../core/remote/pair.ts";
import { el } from "../../xmpp/element.ts";
import { type StanzaCondition, StreamError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { serialize } from "../../xmpp/serializer.ts";
import { parseCount } from "../../xmpp/stanza-count.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { type KeeperLimits, newStreamId, NS_SM, StreamKeeper } from "./stream-keeper.ts";

const lookEveryMs = 1_000;
/** Streams that are over and whose `h` is still known. */
const maxRemembered = 1_000;

export const serverStreamManagement = defineModule({
  name: "s2s-stream-management",
  summary: "Makes sure of what arrived at another server, and goes on where a lost connection left off.",
  xeps: [
    {
      number: 198,
      version: "1.6.3",
      note: "Between servers, wherever the other side offers it; streams are not resumed over a restart.",
    },
  ],
  requires: ["s2s"],
  options: z.strictObject({
    resume_seconds: z
      .int()
      .min(0)
      .max(600)
      .default(30)
      .describe("How long a stream whose connection was lost may be resumed. 0: streams are not resumed."),
    max_queue: z
      .int()
      .min(10)
      .max(100_000)
      .default(2000)
      .describe("Stanzas that one link may have sent without a confirmation; past that the connection counts as lost."),
    max_queue_kib: z.int().min(64).max(65_536).default(4096).describe("How much that may be, in KiB of text."),
    ack_every: z
      .int()
      .min(1)
      .max(1000)
      .default(50)
      .describe("Stanzas after which the server asks what has arrived; after a second it asks in any case."),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    const streams = new KeptStreams(options.resume_seconds * 1000, {
      ackEvery: options.ack_every,
      maxStanzas: options.max_queue,
      maxLength: options.max_queue_kib * 1024,
      now: core.clock.now,
    });
    // Those that were kept before the options changed.
    for (const { federation, stream } of core.links.outgoing())
      if (federation.host === host && stream?.keeper instanceof StreamKeeper) streams.add(stream.keeper);
    for (const [{ keeper }] of core.links.incoming())
      if (keeper instanceof StreamKeeper && keeper.stream.host === host) streams.add(keeper);
    ctx.onStop(core.links.federations.add(host, feature(streams)));
    ctx.every(lookEveryMs, () => streams.look());
  },
});

/** The streams of one host's links that are kept, those that wait to be resumed among them. */
class KeptStreams {
  readonly #resumeMs: number;
  readonly #limits: KeeperLimits;
  readonly #all = new Set<StreamKeeper>();
  /** By digest of their SM-ID, the one that ended longest ago first. */
  readonly #ended = new Map<string, { readonly pair: string; readonly handled: number }>();

  constructor(resumeMs: number, limits: KeeperLimits) {
    this.#resumeMs = resumeMs;
    this.#limits = limits;
  }

  /** The peer wants `stream`, one that it began, to be kept. */
  accept(stream: IncomingNegotiation, pair: DomainPair, isResumable: boolean): StreamKeeper {
    const id = isResumable && this.#resumeMs > 0 ? newStreamId() : null;
    return this.add(new StreamKeeper(stream, pair, this.#limits, id, this.#resumeMs));
  }

  /** The peer keeps `stream`, one that we began; `maxMs`: how long it may be resumed there. */
  begin(stream: StreamKeeper["stream"], pair: DomainPair, id: string | null, maxMs: number): StreamKeeper {
    return this.add(new StreamKeeper(stream, pair, this.#limits, id, Math.min(maxMs, this.#resumeMs)));
  }

  get isResuming(): boolean {
    return this.#resumeMs > 0;
  }

  get maxSeconds(): number {
    return this.#resumeMs / 1000;
  }

  /** A stream that the peer began for this pair. Compares in constant time. */
  find(id: string, pair: DomainPair): StreamKeeper | undefined {
    const given = Buffer.from(id);
    for (const keeper of this.#all) {
      if (keeper.resumeMs === 0 || keeper.id === null || pairKey(keeper.pair) !== pairKey(pair)) continue;
      const own = Buffer.from(keeper.id);
      if (own.length === given.length && timingSafeEqual(own, given)) return keeper;
    }
    return undefined;
  }

  /** How much had been dealt with of a stream that cannot be resumed any more; undefined: that is not known. */
  handledOf(id: string, pair: DomainPair): number | undefined {
    const ended = this.#ended.get(digest(id));
    return ended?.pair === pairKey(pair) ? ended.handled : undefined;
  }

  look(): void {
    const now = this.#limits.now();
    for (const keeper of this.#all) {
      if (keeper.isOver || (keeper.lostAt !== null && now - keeper.lostAt >= keeper.resumeMs)) this.#end(keeper);
      else keeper.look(now);
    }
  }

  add(keeper: StreamKeeper): StreamKeeper {
    keeper.limits = this.#limits;
    this.#all.add(keeper);
    return keeper;
  }

  #end(keeper: StreamKeeper): void {
    this.#all.delete(keeper);
    if (keeper.id === null) return;
    const handled = keeper.handled(keeper.stream.taken);
    this.#ended.set(digest(keeper.id), { pair: pairKey(keeper.pair), handled });
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > maxRemembered) this.#ended.delete(oldest!);
    keeper.isOver = true;
  }
}

function feature(streams: KeptStreams): ServerFeature {
  const resume = async (stream: IncomingNegotiation, pair: DomainPair, nonza: Stanza): Promise<void> => {
    const id = nonza.attr("previd");
    const h = parseCount(nonza.attr("h"));
    if (id === undefined || h === undefined) return fail(stream, "bad-request");
    const keeper = streams.find(id, pair);
    if (keeper === undefined || keeper.stream === stream)
      return fail(stream, "item-not-found", streams.handledOf(id, pair));
    const handled = await keeper.settled();
    if (stream.isClosed) return;
    if (keeper.resumeMs === 0) return fail(stream, "item-not-found", handled);
    stream.write(serialize(el("resumed", NS_SM, { previd: id, h: String(handled) }), NS.client));
    stream.keeper = keeper;
    keeper.resume(stream, h);
    stream.continued();
  };

  return {
    name: "stream management",
    order: 50,
    handles: ["enable", "enabled", "resume", "resumed", "failed", "r", "a"].map((name) => [NS_SM, name] as const),
    // As soon as stanzas can come (XEP-0198 3); no features follow on dialback.
    offer(stream) {
      const { local, remote, isSecure } = stream;
      const isSoon = remote !== null && (stream.isProved({ local, remote }) || !stream.isCertifiedFor(remote));
      return isSecure && isSoon && stream.keeper === null ? el("sm", NS_SM) : undefined;
    },
    handle(stream, nonza) {
      const { local, remote, keeper } = stream;
      if (nonza.name === "r" || nonza.name === "a") return counted(keeper, nonza);
      if (remote === null || !stream.isProved({ local, remote }) || keeper !== null)
        return fail(stream, "unexpected-request");
      if (nonza.name === "resume") return resume(stream, { local, remote }, nonza);
      if (nonza.name !== "enable") throw new StreamError("unsupported-stanza-type");
      const isResumable = nonza.attr("resume") === "true" || nonza.attr("resume") === "1";
      const kept = streams.accept(stream, { local, remote }, isResumable);
      const resumption =
        kept.id === null ? undefined : { id: kept.id, resume: "true", max: String(streams.maxSeconds) };
      stream.write(serialize(el("enabled", NS_SM, resumption), NS.client));
      stream.keeper = kept;
      stream.continued();
    },
    begin(stream, features) {
      if (!features.has("sm", NS_SM) || stream.keeper !== null) return false;
      const { lost } = stream;
      if (lost instanceof StreamKeeper && lost.resumeMs > 0) {
        const h = lost.handled(lost.stream.taken);
        stream.write(serialize(el("resume", NS_SM, { previd: lost.id!, h: String(h) }), NS.client));
      } else {
        stream.write(enable(streams.isResuming));
      }
      return true;
    },
    answered(stream, nonza) {
      const { keeper, lost } = stream;
      if (nonza.name === "r" || nonza.name === "a") return counted(keeper, nonza);
      if (keeper !== null) throw new StreamError("policy-violation", "stream management is enabled already");
      const isLost = lost instanceof StreamKeeper && lost.resumeMs > 0;
      if (nonza.name === "resumed" && isLost && nonza.attr("previd") === lost.id) {
        stream.keeper = lost;
        lost.resume(stream, countIn(nonza));
        stream.continued();
      } else if (nonza.name === "failed" && isLost) {
        lost.dropped(parseCount(nonza.attr("h")));
        stream.continued();
        stream.write(enable(streams.isResuming));
        return;
      } else if (nonza.name === "enabled") {
        const seconds = parseCount(nonza.attr("max")) ?? streams.maxSeconds;
        const isResumable = nonza.attr("resume") === "true" || nonza.attr("resume") === "1";
        const id = isResumable ? (nonza.attr("id") ?? null) : null;
        stream.keeper = streams.begin(stream, { local: stream.local, remote: stream.remote }, id, seconds * 1000);
      } else if (nonza.name !== "failed") {
        throw new StreamError("policy-violation", "nothing of the kind was asked for");
      }
      stream.proceed();
    },
  };
}

function enable(isResuming: boolean): string {
  return isResuming ? `<enable xmlns='${NS_SM}' resume='true'/>` : `<enable xmlns='${NS_SM}'/>`;
}

/** `<r/>` and `<a/>`; what is not kept is not counted. */
function counted(keeper: unknown, nonza: Stanza): void {
  if (!(keeper instanceof StreamKeeper)) throw new StreamError("policy-violation", "stream management is not enabled");
  if (nonza.name === "r") keeper.answer();
  else keeper.confirm(countIn(nonza));
}

function countIn(nonza: Stanza): number {
  const h = parseCount(nonza.attr("h"));
  if (h === undefined) throw new StreamError("bad-format", "an acknowledgement without a count");
  return h;
}

function fail(stream: IncomingNegotiation, condition: StanzaCondition, handled?: number): void {
  const known = handled === undefined ? undefined : { h: String(handled) };
  stream.write(serialize(el("failed", NS_SM, known, el(condition, NS.stanzas)), NS.client));
}

function digest(id: string): string {
  return hash("sha256", id, "base64url");
}
