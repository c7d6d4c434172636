import type { AnyContractProcedure } from "@orpc/contract";
import { z } from "zod";
import type { EndpointMeta } from "../../lib/contracts/endpoint.ts";
import { contract } from "../../lib/contracts/index.ts";
import { hostsFor } from "../../lib/contracts/may.ts";
import { permissions } from "../../lib/contracts/permissions.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { AdminStore } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import type { Call } from "./call.ts";
import { AdminError, refused } from "./errors.ts";
import { toAdminError } from "./fault.ts";
import { redactor } from "./redact.ts";

/** A contract entry with what the door enforces. */
export interface Entry {
  /** `users.create` */
  readonly name: string;
  readonly procedure: AnyContractProcedure;
  readonly meta: EndpointMeta;
  readonly method: string;
  readonly path: string;
  readonly redact: (input: unknown) => unknown;
}

/** All entries of the contract. Throws when one of them has no policy, or changes something without an audit action. */
export function contractEntries(): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [entity, verbs] of Object.entries(contract)) {
    for (const [verb, procedure] of Object.entries(verbs)) {
      const { route, inputSchema } = procedure["~orpc"];
      const { meta }: { meta: EndpointMeta } = procedure["~orpc"];
      const name = `${entity}.${verb}`;
      const { method = "POST", path = "/" } = route;
      const redact = inputSchema instanceof z.ZodType ? redactor(inputSchema) : () => undefined;
      assertGuarded(name, method, meta);
      entries.set(name, { name, procedure, meta, method, path, redact });
    }
  }
  return entries;
}

function assertGuarded(name: string, method: string, meta: EndpointMeta): void {
  const known: readonly string[] = ["public", "self", ...permissions];
  if (!known.includes(meta.permission)) throw new Error(`${name} has no permission`);
  // Tests of drafts are POSTs because of their size; they need no more than the permission to read.
  if (method !== "GET" && meta.audit === undefined && !meta.permission.endsWith(":read"))
    throw new Error(`${name} changes something and has no audit action`);
}

const refusals = new Set([
  "forbidden",
  "not-admin",
  "bad-credentials",
  "bad-token",
  "bad-code",
  "bad-address",
  "second-factor",
  "last-admin",
  "locks-out-admin",
  "setup-done",
]);

/**
 * The only door to the verbs: permission, host, then the verb (which parses its input first), then the audit row.
 * Rejects with an AdminError and nothing else.
 */
export class Door {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #store: AdminStore;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(entries: ReadonlyMap<string, Entry>, store: AdminStore, clock: Clock, log: Log) {
    this.#entries = entries;
    this.#store = store;
    this.#clock = clock;
    this.#log = log.for("admin");
  }

  async pass(name: string, call: Call, input: unknown, verb: () => Promise<unknown>): Promise<unknown> {
    const { meta, redact } = this.#entries.get(name)!;
    if (meta.audit !== undefined) {
      call.audit = { action: meta.audit, input: redact(input), at: this.#clock.now() };
      call.note(objectOf(input));
    }
    try {
      authorise(meta, call, input);
      const output = await verb();
      if (call.audit !== null && !call.isAuditTaken) await this.#store.audit(call.row("done"));
      return output;
    } catch (thrown) {
      const error = toAdminError(thrown);
      if (error.code === "internal") this.#logFault(name, call, error);
      if (call.audit !== null && isAudited(error, call)) await this.#auditRefusal(call, error);
      throw error;
    }
  }

  async #auditRefusal(call: Call, error: AdminError): Promise<void> {
    const result = refusals.has(error.code) ? "refused" : "failed";
    try {
      await this.#store.audit(call.row(result, { code: error.code, reason: error.message }));
    } catch (cause) {
      this.#log.error("an audit row could not be written", { request: call.requestId, error: String(cause) });
    }
  }

  #logFault(name: string, call: Call, error: AdminError): void {
    const { cause } = error;
    const reason = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    this.#log.error("a verb failed", { verb: name, request: call.requestId, error: reason });
  }
}

const attempts = new Set(["bad-credentials", "not-admin", "bad-token", "bad-code", "bad-address"]);

// Of strangers only attempts to get in are worth a row, and those are throttled: nobody can write the log full.
function isAudited(error: AdminError, { caller }: Call): boolean {
  return caller.kind === "nobody" ? attempts.has(error.code) : error.code !== "throttled";
}

/** Throws `unauthenticated` or `forbidden`. */
export function authorise(meta: EndpointMeta, call: Call, input: unknown): void {
  const { permission } = meta;
  if (permission === "public") return;
  const { caller } = call;
  if (caller.kind === "nobody") throw new AdminError("unauthenticated");
  if (permission === "self") return;
  if (!caller.permissions.has(permission)) {
    const text = caller.mustEnrol
      ? "This account needs a second factor first."
      : `This needs the permission ${permission}.`;
    throw new AdminError(
      "forbidden",
      text,
      caller.kind === "account" ? { permission, rule: "configure" } : { permission },
    );
  }
  const hosts = hostsFor(caller.grants, permission);
  call.holdTo(hosts);
  if (hosts === null) return;
  const asked = meta.host === undefined ? undefined : fieldOf(input, meta.host);
  if (asked !== undefined) call.keepTo(domainOf(asked));
  else if (meta.filtered !== true)
    throw refused(
      "forbidden",
      "concerns-all-hosts",
      { hosts: hosts.join(", ") },
      {
        permission,
        rule: "configure",
      },
    );
}

function fieldOf(input: unknown, name: string): string | undefined {
  const value =
    typeof input === "object" && input !== null && Object.hasOwn(input, name) ? Reflect.get(input, name) : undefined;
  return typeof value === "string" ? value : undefined;
}

function domainOf(address: string): string {
  return Jid.tryParse(address)?.domain ?? address;
}

const nameFields = ["jid", "host", "name", "id"];

// The field that names the thing; an account that is not there yet is named by two.
function objectOf(input: unknown): string {
  const local = fieldOf(input, "local");
  const host = fieldOf(input, "host");
  if (local !== undefined && host !== undefined) return `${local}@${host}`.slice(0, 512);
  for (const field of nameFields) {
    const value = fieldOf(input, field);
    if (value !== undefined) return value.slice(0, 512);
  }
  return "";
}
