import type { contract } from "../../lib/contracts/index.ts";
import type { Link } from "../../lib/contracts/links.ts";
import { negated } from "../../lib/contracts/negation.ts";
import { LinkFault } from "../core/remote/fault.ts";
import type { IncomingStream } from "../core/remote/incoming-stream.ts";
import type { OutgoingLink } from "../core/remote/outgoing-link.ts";
import { StreamError } from "../xmpp/errors.ts";
import { hostName } from "./address.ts";
import { type AdminError, badInput, refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

const byHand = new LinkFault("closed", "it was closed by hand");

export function links({ core, listeners }: Admin): Verbs<typeof contract.links> {
  const outgoing = (id: string): OutgoingLink | undefined => [...core.links.outgoing()].find((link) => link.id === id);

  return {
    list({ host, direction, state, search, not, cursor, limit }, call) {
      const turned = negated({ not });
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const wanted = search?.toLowerCase() ?? "";
      const after = cursor === undefined ? "" : positionOf(cursor);
      const all = [
        ...[...core.links.outgoing()].map(describeOutgoing),
        ...[...core.links.incoming()].flatMap(describeIncoming),
      ];
      const found = all
        .filter((link) => hosts === undefined || hosts.includes(link.host))
        .filter((link) => direction === undefined || (link.direction === direction) !== turned.has("direction"))
        .filter((link) => state === undefined || (link.state === state) !== turned.has("state"))
        .filter(({ local, remote }) => `${remote ?? ""} ${local}`.includes(wanted))
        .map((link) => ({ link, key: `${link.remote ?? ""} ${link.local} ${link.direction} ${link.id}` }))
        .toSorted((one, other) => (one.key < other.key ? -1 : 1));
      const page = found.filter(({ key }) => key > after).slice(0, limit + 1);
      const items = page.slice(0, limit);
      return {
        items: items.map(({ link }) => link),
        nextCursor: page.length > limit ? Buffer.from(items.at(-1)!.key).toString("base64url") : null,
        total: found.length,
        isOpen: core.links.federations.isOpen,
        listeners: listeners()
          .filter(({ name }) => name.startsWith("s2s"))
          .map(({ name, address, port, error }) => ({ name, address, port, error })),
      };
    },

    close({ id }, call) {
      const link = outgoing(id);
      if (link !== undefined) {
        call.note(`${link.local} ${link.remote}`);
        link.close(byHand);
        return { ok: true };
      }
      const found = [...core.links.incoming()].find(([, name]) => name === streamIn(id));
      if (found === undefined) throw gone(id);
      const [stream] = found;
      call.note(`${stream.remote ?? stream.address} ${stream.local}`);
      stream.close(new StreamError("reset", "closed by hand"));
      return { ok: true };
    },

    retry({ id }, call) {
      const link = outgoing(id);
      if (link === undefined) throw gone(id);
      call.note(`${link.local} ${link.remote}`);
      link.retry();
      return { ok: true };
    },
  };
}

function gone(id: string): AdminError {
  return refused("not-found", "link-gone", { id });
}

function positionOf(cursor: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(cursor)) throw badInput("cursor", "no-cursor");
  return Buffer.from(cursor, "base64url").toString();
}

function describeOutgoing(link: OutgoingLink): Link {
  const { stream, lastFault } = link;
  return {
    id: link.id,
    direction: "out",
    local: link.local,
    host: link.federation.host.name,
    remote: link.remote,
    state: link.state,
    address: stream?.address ?? null,
    tls: stream?.tls ?? null,
    certified: stream?.isCertifiedFor(link.remote) ?? false,
    proof: stream?.proof ?? null,
    bidirectional: stream?.isBidirectional ?? link.state === "open",
    since: timestamp(link.since),
    sent: link.sent,
    received: stream?.taken ?? 0,
    queued: { stanzas: link.queued, length: link.queuedLength },
    retryAt: timestampOrNull(link.retryAt),
    lastError:
      lastFault === null
        ? null
        : { code: lastFault.fault.code, text: lastFault.fault.message, at: timestamp(lastFault.at) },
  };
}

/** One for each pair of domains that the stream is for, or one that shows what it wants to be. */
function describeIncoming([stream, name]: readonly [IncomingStream, string]): Link[] {
  if (stream.local === "") return [];
  const pairs = [...stream.pairs];
  const common = {
    direction: "in" as const,
    host: stream.host.name,
    address: stream.address,
    tls: stream.tls,
    bidirectional: stream.isBidirectional,
    since: timestamp(stream.since),
    sent: stream.sent,
    received: stream.taken,
    queued: { stanzas: 0, length: 0 },
    retryAt: null,
    lastError: null,
  };
  if (pairs.length === 0) {
    const { local, remote } = stream;
    return [{ ...common, id: name, local, remote, state: "negotiating", certified: false, proof: null }];
  }
  return pairs.map(({ local, remote, proof }, index) => ({
    ...common,
    id: `${name}.${index}`,
    local,
    remote,
    state: "open",
    certified: stream.isCertifiedFor(remote),
    proof,
  }));
}

/** The stream that an id of {@link describeIncoming} is of. */
function streamIn(id: string): string {
  return id.split(".")[0]!;
}
