import type { Core } from "../../core/core.ts";
import type { Session } from "../../core/session.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { type Caps, proves, readCaps } from "./caps.ts";

/** How long a client may take to say what it can do. */
const patienceMs = 30_000;
/** Software versions whose interests are kept. */
const maxKnown = 5_000;
/** Nodes of one client, and how long their names are together. */
const maxNodes = 200;
const maxLength = 8 * 1024;
/** Questions to one client that are not answered yet. */
const maxQuestions = 3;
const suffix = "+notify";
const none: ReadonlySet<string> = new Set();

interface Interest {
  /** null: it has said nothing of the kind. */
  readonly key: string | null;
  readonly nodes: ReadonlySet<string>;
}

/** Of which nodes clients want to hear: the `+notify` features of their capabilities (XEP-0060 9.2, XEP-0115). */
export class Interests {
  readonly #core: Core;
  /** Proven ones, by `ver`: they hold for every client that shows it. */
  readonly #known = new Map<string, ReadonlySet<string>>();
  readonly #asking = new Map<string, Promise<unknown>>();
  readonly #ofSession = new WeakMap<Session, Interest>();
  readonly #questions = new WeakMap<Session, number>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** What is known by now. */
  of(session: Session): ReadonlySet<string> {
    return this.#ofSession.get(session)?.nodes ?? none;
  }

  /**
   * Learns what the session's last presence says, asking its client if need be, and resolves with the nodes that it had not
   * wanted before.
   */
  async learn(session: Session): Promise<ReadonlySet<string>> {
    const caps = readCaps(session.presence?.child("c", NS.caps));
    const key = caps === null ? null : `${caps.hash ?? ""} ${caps.ver} ${caps.node}`;
    const before = this.#ofSession.get(session);
    if (before?.key === key) return none;
    // From now on this presence is dealt with; what it asked for before holds until it is known.
    const pending: Interest = { key, nodes: before?.nodes ?? none };
    this.#ofSession.set(session, pending);
    const nodes = caps === null ? none : await this.#nodesOf(session, caps);
    // Another presence has come meanwhile.
    if (this.#ofSession.get(session) !== pending) return none;
    this.#ofSession.set(session, { key, nodes });
    return before === undefined ? nodes : new Set([...nodes].filter((node) => !before.nodes.has(node)));
  }

  /** Unavailable: the next presence counts as its first. */
  forget(session: Session): void {
    this.#ofSession.delete(session);
  }

  async #nodesOf(session: Session, caps: Caps): Promise<ReadonlySet<string>> {
    const proof = `${caps.hash ?? ""} ${caps.ver}`;
    const known = this.#known.get(proof);
    if (known !== undefined) return known;
    // After a restart everybody shows the same few: one is asked. Whether it answers well or not, the others wait once only.
    const asking = caps.hash === null ? undefined : this.#asking.get(proof);
    if (asking !== undefined) {
      await asking;
      const learnt = this.#known.get(proof);
      if (learnt !== undefined) return learnt;
    }
    const answer = this.#ask(session, caps);
    this.#asking.set(proof, answer);
    const query = await answer;
    if (this.#asking.get(proof) === answer) this.#asking.delete(proof);
    if (query === null) return none;
    const nodes = wantedNodes(query);
    if (proves(query, caps)) this.#keep(proof, nodes);
    return nodes;
  }

  async #ask(session: Session, { node, ver }: Caps): Promise<Element | null> {
    const questions = this.#questions.get(session) ?? 0;
    if (questions >= maxQuestions) return null;
    this.#questions.set(session, questions + 1);
    const query = el("query", NS.discoInfo, { node: `${node}#${ver}` });
    const iq = Stanza.from(el("iq", NS.client, { from: session.host.name, to: session.jid.full, type: "get" }, query));
    const answer = await this.#core.router.ask(iq, patienceMs);
    this.#questions.set(session, (this.#questions.get(session) ?? 1) - 1);
    return answer?.type === "result" ? (answer.child("query", NS.discoInfo) ?? null) : null;
  }

  #keep(proof: string, nodes: ReadonlySet<string>): void {
    this.#known.set(proof, nodes);
    if (this.#known.size <= maxKnown) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      break;
    }
  }
}

function wantedNodes(query: Element): ReadonlySet<string> {
  const nodes = new Set<string>();
  let length = 0;
  for (const feature of query.elements("feature")) {
    const name = feature.attr("var") ?? "";
    if (!name.endsWith(suffix)) continue;
    length += name.length;
    if (nodes.size === maxNodes || length > maxLength) break;
    // In memory of its own: a slice would keep the whole answer.
    nodes.add(Buffer.from(name.slice(0, -suffix.length)).toString());
  }
  return nodes.size === 0 ? none : nodes;
}
