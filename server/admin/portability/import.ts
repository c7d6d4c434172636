import { NS_ROOMS } from "../../../lib/contracts/imports/room-element.ts";
import { AccountError } from "../../core/accounts.ts";
import type { Core } from "../../core/core.ts";
import { DocumentReader } from "../../xmpp/document-reader.ts";
import type { Element } from "../../xmpp/element.ts";
import { Jid } from "../../xmpp/jid.ts";
import { postAuthLimits, type XmlLimits } from "../../xmpp/limits.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { AdminError } from "../errors.ts";
import { AccountWriter } from "./account-writer.ts";
import type { DataPart } from "./export.ts";
import {
  NS_BLOCKING,
  NS_LAST,
  NS_PIE,
  NS_PIE_MAM,
  NS_PIE_SCRAM,
  NS_PRIVACY,
  NS_PRIVATE,
  NS_PUBSUB,
  NS_PUBSUB_OWNER,
  NS_VCARD,
} from "./names.ts";
import type { RoomHistory } from "./room-history.ts";
import { RoomImport } from "./room-import.ts";
import { Tally } from "./tally.ts";

/** So much is read before what it holds is stored: what is held does not grow with what is given at a time. */
const sliceLength = 64 * 1024;

/** Accounts that are finished side by side: the store commits at once what comes while it is busy. */
const maxFinishing = 64;

/** One element, such as a vCard with its picture or the items of a node, is read as a whole. */
const limits: XmlLimits = {
  ...postAuthLimits,
  maxStanzaBytes: 8 * 1024 * 1024,
  maxElements: 200_000,
  maxNamespaces: 10_000,
};

export interface ImportWishes {
  readonly isDry: boolean;
  readonly onConflict: "skip" | "update" | "fail";
  readonly parts: readonly DataPart[];
  /** Other names for hosts of the document. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Whoever sets an account's password can become it. Throws AdminError where that is too much. */
  readonly guard: (user: Jid) => void;
}

type Step = { readonly kind: "opened" | "element"; readonly element: Element } | { readonly kind: "closed" };

/** Elements whose children are read one by one, below `server-data`, `host` and `user`. */
const lists: ReadonlySet<string> = new Set([
  `${NS_PIE} offline-messages`,
  `${NS_PIE_MAM} archive`,
  `${NS_PUBSUB} pubsub`,
  `${NS_PUBSUB_OWNER} pubsub`,
]);

const nameOf = ({ ns, name }: Element): string => `${ns} ${name}`;

/** The import of one XEP-0227 document, given in pieces. Throws StreamError for what is no XML that is allowed here. */
export class Import {
  readonly tally = new Tally();
  readonly #core: Core;
  readonly #wishes: ImportWishes;
  readonly #reader: DocumentReader;
  readonly #rooms: RoomImport;
  #steps: Step[] = [];
  #held = 0;
  readonly #path: Element[] = [];
  #host: string | null = null;
  /** As the document calls it. */
  #givenHost: string | null = null;
  #account: AccountWriter | null = null;
  /** Of the room whose past is being read. */
  #history: RoomHistory | null = null;
  /** By their bare JIDs; none of them rejects. */
  readonly #finishing = new Map<string, Promise<void>>();
  /** What the store said first when it could not do its work. */
  #fault: { readonly error: unknown } | null = null;

  constructor(core: Core, wishes: ImportWishes) {
    this.#core = core;
    this.#wishes = wishes;
    this.#rooms = new RoomImport(core, this.tally, wishes.isDry, wishes.onConflict, this.#renamed);
    this.#reader = new DocumentReader(
      {
        isOpened,
        opened: (element) => this.#steps.push({ kind: "opened", element }),
        element: (element) => this.#steps.push({ kind: "element", element }),
        closed: () => this.#steps.push({ kind: "closed" }),
      },
      limits,
    );
  }

  /** Reads on, and resolves when all that was complete in it is in the store. */
  async write(text: string): Promise<void> {
    try {
      for (let at = 0; at < text.length;) {
        const end = sliceEnd(text, at);
        await this.#read(text.slice(at, end));
        at = end;
      }
    } finally {
      await Promise.all(this.#finishing.values());
    }
    this.#check();
  }

  /** How much was read and is not stored yet: elements and their ends. */
  get held(): number {
    return this.#held;
  }

  async #read(text: string): Promise<void> {
    try {
      this.#reader.write(text);
    } finally {
      // What came before a fault is taken.
      const steps = this.#steps;
      this.#steps = [];
      this.#held = steps.length;
      for (const step of steps) {
        await this.#take(step);
        this.#held -= 1;
      }
    }
  }

  /** The document is over. */
  end(): void {
    this.#reader.end();
  }

  async #take(step: Step): Promise<void> {
    if (step.kind === "closed") {
      const closed = this.#path.pop();
      if (this.#path.length === 2 && closed?.name === "user") await this.#endAccount();
      if (this.#path.length === 2 && closed?.name === "history") await this.#endHistory();
      return;
    }
    const { element } = step;
    const depth = this.#path.length;
    if (step.kind === "opened") this.#path.push(element);
    if (depth === 1) this.#beginHost(step);
    else if (depth === 2) await this.#beginEntry(step);
    else if (depth === 3 && this.#history !== null) await this.#history.add(element);
    else if (depth >= 3 && this.#account !== null && step.kind === "element")
      await this.#guarded(this.#account, () => this.#data(element));
  }

  #beginHost({ kind, element }: Exclude<Step, { kind: "closed" }>): void {
    this.#host = null;
    if (kind === "element") {
      this.tally.unknown(element);
      return;
    }
    const named = Jid.tryParse(element.attr("jid") ?? "")?.domain;
    const { hosts } = this.#wishes;
    this.#givenHost = named ?? null;
    this.#host = named === undefined ? null : Object.hasOwn(hosts, named) ? hosts[named]! : named;
  }

  /** Addresses at hosts that get another name get it, too, wherever an account has them. */
  readonly #renamed = (jid: Jid): Jid => {
    const { hosts } = this.#wishes;
    if (!Object.hasOwn(hosts, jid.domain)) return jid;
    return Jid.of(jid.local, hosts[jid.domain]!, jid.resource);
  };

  async #beginEntry({ kind, element }: Exclude<Step, { kind: "closed" }>): Promise<void> {
    const domain = this.#givenHost;
    if (kind === "element") {
      if (element.is("room", NS_ROOMS) && domain !== null) await this.#rooms.take(element, domain);
      else this.tally.unknown(element);
    } else if (element.name === "history") {
      const isWanted = this.#wishes.parts.includes("archive") && domain !== null;
      this.#history = isWanted ? this.#rooms.historyOf(element, domain) : null;
    } else await this.#beginAccount(element);
  }

  async #beginAccount(element: Element): Promise<void> {
    const { tally } = this;
    const { isDry, onConflict, guard } = this.#wishes;
    const fail = (reason: string): void => {
      tally.accounts.failed += 1;
      tally.problem(`${element.attr("name") ?? ""}@${this.#host ?? ""}`, reason);
    };
    const user = Jid.tryParse(`${element.attr("name") ?? ""}@${this.#host ?? ""}`);
    if (user === undefined || user.local === "" || user.resource !== "")
      return fail("is not the address of an account");
    if (!Object.hasOwn(this.#core.policy.document.hosts, user.domain)) return fail("the host is not served here");
    await this.#finishing.get(user.bare);
    const isKnown = await this.#core.accounts.exists(user);
    if (isKnown && onConflict === "fail") return fail("there is such an account");
    if (isKnown && onConflict === "skip") {
      tally.accounts.skipped += 1;
      return;
    }
    const refusal = isKnown ? refusalOf(() => guard(user)) : null;
    if (refusal !== null) return fail(refusal);
    if (isKnown) tally.accounts.updated += 1;
    else tally.accounts.created += 1;
    const password = element.attr("password") ?? null;
    const mode = isKnown ? "known" : "new";
    this.#account = new AccountWriter(this.#core, tally, user, password, mode, isDry, this.#renamed);
  }

  async #endHistory(): Promise<void> {
    const history = this.#history;
    this.#history = null;
    await history?.end();
  }

  /** The account is finished while the next ones are read. */
  async #endAccount(): Promise<void> {
    const account = this.#account;
    this.#account = null;
    if (account === null) return;
    const name = account.user.bare;
    const finished = this.#guarded(account, () => account.end())
      .catch((error: unknown) => {
        this.#fault ??= { error };
      })
      .finally(() => this.#finishing.delete(name));
    this.#finishing.set(name, finished);
    if (this.#finishing.size >= maxFinishing) await Promise.race(this.#finishing.values());
    this.#check();
  }

  #check(): void {
    if (this.#fault !== null) throw this.#fault.error;
  }

  /** An account that cannot be made is reported, and the next one goes on. */
  async #guarded(account: AccountWriter, work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof AccountError)) throw error;
      this.tally.accounts.failed += 1;
      this.tally.problem(account.user.bare, error.message);
      if (this.#account === account) this.#account = null;
    }
  }

  async #data(element: Element): Promise<void> {
    const account = this.#account!;
    const list = this.#path[3];
    if (list !== undefined) return this.#listed(account, list, element);
    switch (nameOf(element)) {
      case `${NS_PIE_SCRAM} scram-credentials`:
        return account.keys(element);
      case `${NS.roster} query`:
        return account.roster(element);
      case `${NS.client} presence`:
        return account.request(element);
      case `${NS_VCARD} vCard`:
        return account.vcard(element);
      case `${NS_PRIVATE} query`:
        return account.privateXml(element);
      case `${NS_LAST} query`:
        return account.lastActivity(element);
      case `${NS_BLOCKING} blocklist`:
      case `${NS_PRIVACY} query`:
        return account.blocked(element);
      default:
        return this.tally.unknown(element);
    }
  }

  async #listed(account: AccountWriter, list: Element, element: Element): Promise<void> {
    const { parts } = this.#wishes;
    switch (nameOf(list)) {
      case `${NS_PIE} offline-messages`:
        return parts.includes("offline") ? account.offline(element) : undefined;
      case `${NS_PIE_MAM} archive`:
        return parts.includes("archive") ? account.archived(element) : undefined;
      case `${NS_PUBSUB_OWNER} pubsub`:
        return element.name === "configure" ? account.node(element) : this.tally.unknown(element);
      default:
        return element.name === "items" ? account.nodeItems(element) : this.tally.unknown(element);
    }
  }
}

/** Where the next slice ends, without cutting a character in two. */
function sliceEnd(text: string, at: number): number {
  const end = Math.min(text.length, at + sliceLength);
  const last = text.charCodeAt(end - 1);
  return end < text.length && last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}

function refusalOf(guard: () => void): string | null {
  try {
    guard();
    return null;
  } catch (error) {
    if (error instanceof AdminError) return error.message;
    throw error;
  }
}

function isOpened(tag: Element, depth: number): boolean {
  if (depth === 0) return tag.is("server-data", NS_PIE);
  if (depth === 1) return tag.is("host", NS_PIE);
  if (depth === 2) return tag.is("user", NS_PIE) || tag.is("history", NS_ROOMS);
  return depth === 3 && lists.has(nameOf(tag));
}
