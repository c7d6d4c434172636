import type { Permission } from "../../lib/contracts/endpoint.ts";
import { hostsFor } from "../../lib/contracts/may.ts";
import type { PolicyChange } from "../../lib/contracts/policy.ts";
import type { AuditMeans } from "../../lib/contracts/server.ts";
import type { AuditRow, NewAuditRow } from "../storage/ports.ts";
import type { Jid } from "../xmpp/jid.ts";
import type { Caller } from "./caller.ts";
import { refused } from "./errors.ts";

const maxChanges = 50;

/** What is known of a request before its verb runs. */
export interface RequestFacts {
  readonly caller: Caller;
  /** IP address of the client, or `local`. */
  readonly address: string;
  readonly userAgent: string;
  /** The request's `Host`, which the front has let through: name and port. */
  readonly host: string;
  readonly requestId: string;
  /** It carries the secret of the console's process. */
  readonly isFromConsole: boolean;
}

/** One call of a verb: who calls, and the audit row that will tell of it. */
export class Call implements RequestFacts {
  readonly caller: Caller;
  readonly host: string;
  readonly requestId: string;
  readonly isFromConsole: boolean;
  /** Set by the door for entries that are audited. */
  audit: { action: string; input: unknown; at: number } | null = null;
  #hosts: readonly string[] | null;
  #actor: string;
  #address: string;
  #userAgent: string;
  #object = "";
  #facts: Record<string, unknown> = {};
  #isTaken = false;

  constructor(facts: RequestFacts) {
    this.caller = facts.caller;
    this.#hosts = facts.caller.hosts;
    this.#address = facts.address;
    this.#userAgent = facts.userAgent;
    this.host = facts.host;
    this.requestId = facts.requestId;
    this.isFromConsole = facts.isFromConsole;
    this.#actor = facts.caller.name;
  }

  get address(): string {
    return this.#address;
  }

  get userAgent(): string {
    return this.#userAgent;
  }

  get author(): string {
    return this.#actor;
  }

  /** Beside what the verb needs: does the caller have this permission, on this host or, left out, on all? */
  may(permission: Permission, host?: string): boolean {
    const hosts = hostsFor(this.caller.grants, permission);
    return hosts === null || (host !== undefined && hosts.includes(host));
  }

  /** Set by the door: the hosts on which the caller has the verb's permission; null: all. */
  holdTo(hosts: readonly string[] | null): void {
    this.#hosts = hosts;
  }

  /** The hosts that a list is about: the one asked for, else those that the caller is held to; undefined: all. */
  hosts(asked?: string): readonly string[] | undefined {
    return asked === undefined ? (this.#hosts ?? undefined) : [asked];
  }

  /** For addresses that are not where the contract says: throws `forbidden` for a host that the caller is not held to. */
  keepTo(host: string): void {
    const hosts = this.#hosts;
    if (hosts === null || hosts.includes(host)) return;
    throw refused(
      "forbidden",
      "other-hosts",
      { hosts: hosts.join(", "), host },
      {
        rule: "configure",
      },
    );
  }

  /** For verbs that check credentials themselves. */
  actsAs(jid: Jid): void {
    this.#actor = jid.bare;
  }

  /** For the console's process, which passes on what a browser sent it. */
  comesFrom(address: string, userAgent: string): void {
    this.#address = address;
    if (userAgent !== "") this.#userAgent = userAgent;
  }

  /** Names what the change is about, and adds facts to its audit row. */
  note(object: string, facts: Record<string, unknown> = {}): void {
    this.#object = object;
    Object.assign(this.#facts, facts);
  }

  /** What a change of the policy changes, and of which revision; the document itself stays out of the row. */
  noteChanges(changes: readonly PolicyChange[], base: number): void {
    this.#facts["base"] = base;
    this.#facts["changes"] = changes.slice(0, maxChanges);
    if (changes.length > maxChanges) this.#facts["moreChanges"] = changes.length - maxChanges;
    const input = this.audit?.input;
    if (typeof input === "object" && input !== null) Reflect.deleteProperty(input, "policy");
  }

  /** The audit row of a change that writes it in its own transaction; the door then writes no other. */
  takeAudit(): NewAuditRow | null {
    if (this.audit === null) return null;
    this.#isTaken = true;
    return this.row("done");
  }

  get isAuditTaken(): boolean {
    return this.#isTaken;
  }

  row(result: AuditRow["result"], facts: Record<string, unknown> = {}): NewAuditRow {
    const { action, input, at } = this.audit!;
    const { kind, roles, id } = this.caller;
    const means: AuditMeans = { kind, roles: [...roles], credential: id, userAgent: this.#userAgent };
    return {
      at,
      actor: this.#actor,
      address: this.#address,
      action,
      object: this.#object,
      result,
      detail: JSON.stringify({ input, ...this.#facts, ...facts }),
      requestId: this.requestId,
      means: JSON.stringify(means),
    };
  }
}
