import { randomBytes } from "node:crypto";
import { domainToASCII } from "node:url";
import type { AcmePolicy } from "../../../lib/contracts/operations-policy.ts";
import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { PolicyState } from "../../core/policy/state.ts";
import type { Secrets } from "../../core/secrets.ts";
import type { OrderRow, OrderStep, Stores } from "../../storage/ports.ts";
import { openAccount } from "./acme-account.ts";
import type { Challenges } from "./challenges.ts";
import type { CertificateKeeper } from "./keeper.ts";
import { orderCertificate } from "./order.ts";
import { orderDueAt } from "./renewal.ts";

/** Why nothing is ordered. */
export type OrderRefusal = "not-agreed" | "running";

export class OrderRefused extends Error {
  override readonly name = "OrderRefused";
  readonly code: OrderRefusal;

  constructor(code: OrderRefusal, message: string) {
    super(message);
    this.code = code;
  }
}

export interface OrderParts {
  readonly keeper: CertificateKeeper;
  readonly challenges: Challenges;
  readonly stores: Pick<Stores, "certificates" | "admin">;
  readonly policy: PolicyState;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
  /** How long to wait between questions whether the authority is done, milliseconds. */
  readonly pollMs?: { readonly least: number; readonly most: number };
}

const lookMs = 3_600_000;
const keptOrders = 200;
const defaultPollMs = { least: 1_000, most: 30_000 };

/** Orders certificates from an authority (RFC 8555), and renews them before they expire. */
export class CertificateOrders {
  readonly #parts: OrderParts;
  readonly #log: Log;
  readonly #running = new Map<string, OrderRow>();
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: OrderParts) {
    this.#parts = parts;
    this.#log = parts.log.for("acme");
  }

  /** Looks once an hour whether something is due, and soon after the policy has changed. */
  start(): () => void {
    const look = (): void => {
      this.orderDue().catch((error: unknown) => this.#log.error("orders were not looked at", { error: String(error) }));
    };
    this.#timer = setInterval(look, lookMs).unref();
    const unfollow = this.#parts.policy.onChange((now, before) => {
      if (JSON.stringify(now.operations.acme) !== JSON.stringify(before.operations.acme)) look();
    });
    look();
    return () => {
      clearInterval(this.#timer);
      unfollow();
    };
  }

  /** Hears of each step of an order. */
  onStep(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Newest first, with those that are under way. */
  async list(limit: number): Promise<OrderRow[]> {
    const rows = await this.#parts.stores.certificates.orders(limit);
    const running = new Map([...this.#running.values()].map((order) => [order.id, order]));
    return rows.map((row) => running.get(row.id) ?? (row.state === "running" ? interrupted(row) : row));
  }

  /** Begins an order for a host and the names below it; it goes on by itself. Throws OrderRefused. */
  async begin(host: string): Promise<OrderRow> {
    const { acme } = this.#parts.policy.document.operations;
    if (!acme.agreed)
      throw new OrderRefused(
        "not-agreed",
        "The authority's terms of service were not agreed to yet (operations.acme.agreed).",
      );
    if (this.#running.has(host)) throw new OrderRefused("running", `An order for ${host} is under way.`);
    const id = randomBytes(9).toString("base64url");
    const names = namesOf(host, acme);
    const order: OrderRow = {
      id,
      createdAt: this.#parts.clock.now(),
      names,
      state: "running",
      certificate: null,
      steps: [],
    };
    await this.#put(host, order);
    void this.#run(host, order, acme);
    return order;
  }

  /** Begins what is due; resolves when all of it has begun. */
  async orderDue(): Promise<void> {
    const { policy, clock } = this.#parts;
    const { acme } = policy.document.operations;
    if (!acme.agreed) return;
    const orders = await this.list(keptOrders);
    for (const host of acme.hosts) {
      if (!Object.hasOwn(policy.document.hosts, host) || this.#running.has(host)) continue;
      if (orderDueAt({ host, current: this.#current(host, acme), failures: failuresOf(host, orders) }) > clock.now())
        continue;
      await this.begin(host);
    }
  }

  #current(host: string, acme: AcmePolicy): { notBefore: number; notAfter: number } | null {
    const { keeper } = this.#parts;
    const facts = keeper.describe(host);
    if (facts === null) return null;
    // What somebody else sees to is left alone.
    if (facts.source === "file") return { notBefore: 0, notAfter: Number.POSITIVE_INFINITY };
    const isOurs = facts.source === "managed" && !facts.isSelfSigned;
    return isOurs && namesOf(host, acme).every((name) => keeper.covers(host, name)) ? facts : null;
  }

  async #run(host: string, begun: OrderRow, acme: AcmePolicy): Promise<void> {
    const { keeper, challenges, clock } = this.#parts;
    let order = begun;
    let saved: Promise<void> = Promise.resolve();
    const note = (step: OrderStep["step"], name: string, detail: string, more: Partial<OrderRow> = {}): void => {
      order = { ...order, ...more, steps: [...order.steps, { at: clock.now(), step, name, detail }] };
      const now = order;
      saved = saved.then(() => this.#put(host, now));
    };
    try {
      const { stores, secrets, pollMs = defaultPollMs } = this.#parts;
      const client = await openAccount({ stores, secrets, pollMs }, acme);
      note("account", "", client.getAccountUrl());
      const issued = await orderCertificate({ client, challenges, method: acme.challenge, note }, order.names);
      const row = await keeper.install([host], issued.chain, issued.key, { source: "acme", author: "acme" });
      note("installed", host, keeper.describe(host)?.fingerprint256 ?? "", { state: "done", certificate: row.id });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      note("failed", "", detail, { state: "failed" });
      this.#log.warn("a certificate could not be ordered", { host, error: detail });
    }
    await saved.catch((error: unknown) => this.#log.error("an order was not kept", { error: String(error) }));
    this.#running.delete(host);
    for (const listener of this.#listeners) listener();
  }

  async #put(host: string, order: OrderRow): Promise<void> {
    if (order.state === "running" || this.#running.has(host)) this.#running.set(host, order);
    await this.#parts.stores.certificates.putOrder(order);
    for (const listener of this.#listeners) listener();
  }
}

/** A host and what is below it, as they are on the wire. */
function namesOf(host: string, { below }: AcmePolicy): string[] {
  const name = domainToASCII(host) || host;
  return [name, ...below.map((label) => `${label}.${name}`)];
}

function failuresOf(host: string, orders: readonly OrderRow[]): number[] {
  const name = domainToASCII(host) || host;
  const own = orders.filter(({ names }) => names[0] === name);
  const success = own.findIndex(({ state }) => state === "done");
  return own
    .slice(0, success < 0 ? own.length : success)
    .flatMap(({ state, createdAt }) => (state === "failed" ? [createdAt] : []));
}

// The server stopped while it was under way.
function interrupted(row: OrderRow): OrderRow {
  const last = row.steps.at(-1)?.at ?? row.createdAt;
  return {
    ...row,
    state: "failed",
    steps: [...row.steps, { at: last, step: "failed", name: "", detail: "the server stopped" }],
  };
}
