import { setTimeout } from "node:timers/promises";
import type { Core } from "../core/core.ts";
import type { Secrets } from "../core/secrets.ts";
import { LoginThrottle } from "../core/throttle.ts";
import { Jid } from "../xmpp/jid.ts";
import type { Call } from "./call.ts";
import { AdminError } from "./errors.ts";
import type { Passkeys } from "./passkeys.ts";
import { Pending } from "./pending.ts";
import { recoveryCodeHash } from "./recovery-codes.ts";
import { checkTotp } from "./totp.ts";

/** The password was right; the second factor is still to come. */
interface Ticket {
  readonly jid: Jid;
  readonly address: string;
}

const ticketMs = 5 * 60_000;
/** Whoever gets as far as a code knows the password, so here the account alone is counted, wherever the tries come from. */
const codeLimits = { perAddress: 1_000_000, perAccount: 5 };

export const totpPurpose = (jid: string, id: string): string => `totp ${jid} ${id}`;

/** Proofs of who somebody is: a password, then a code or a passkey where the account has them; or a passkey alone. */
export class Logins {
  readonly #core: Core;
  readonly #secrets: Secrets;
  readonly #throttle: LoginThrottle;
  readonly #passkeys: Passkeys;
  readonly #tickets: Pending<Ticket>;
  readonly #codes: LoginThrottle;

  constructor(core: Core, secrets: Secrets, throttle: LoginThrottle, passkeys: Passkeys) {
    this.#core = core;
    this.#secrets = secrets;
    this.#throttle = throttle;
    this.#passkeys = passkeys;
    this.#tickets = new Pending(core.clock, ticketMs);
    this.#codes = new LoginThrottle(core.clock, codeLimits);
  }

  /** Throws `throttled`, `bad-credentials`, and `second-factor` with a ticket for the next step. */
  async byPassword(jid: Jid | undefined, password: string, call: Call): Promise<Jid> {
    await this.checkPassword(jid, password, call);
    // It did not throw, so there is one.
    const account = jid!;
    const factors = await this.#core.stores.factors.of(account.bare);
    if (factors.length === 0) {
      this.#throttle.succeeded(call.address, account.bare);
      return account;
    }
    call.actsAs(account);
    throw new AdminError("second-factor", undefined, {
      ticket: this.#tickets.add({ jid: account, address: call.address }),
      factors: [...new Set(factors.map(({ kind }) => kind))],
    });
  }

  /** Throws `throttled` and `bad-credentials`. An unknown account costs the same time as a wrong password. */
  async checkPassword(jid: Jid | undefined, password: string, call: Call): Promise<void> {
    const { accounts, policy } = this.#core;
    const name = jid?.bare ?? "";
    refuseIfFull(this.#throttle, call.address, name);
    const outcome = await accounts.verify(jid ?? nobodyOf(policy.document.hosts), password);
    // Tries that ran side by side were all let in before the first one failed.
    refuseIfFull(this.#throttle, call.address, name);
    if (jid !== undefined && outcome === "ok") return;
    await setTimeout(this.#throttle.failed(call.address, name));
    throw new AdminError("bad-credentials");
  }

  /** A code of an app, or one to recover with. Throws `bad-ticket`, `throttled`, `bad-code`. */
  async byCode(ticket: string, code: string, call: Call): Promise<Jid> {
    const jid = this.#holderOf(ticket, call);
    refuseIfFull(this.#codes, "", jid.bare);
    const outcome = await this.#check(jid, code);
    if (outcome !== "ok") {
      await setTimeout(this.#codes.failed("", jid.bare));
      throw new AdminError("bad-code", undefined, outcome === null ? {} : { clockSkewSeconds: outcome });
    }
    this.#tickets.take(ticket);
    this.#throttle.succeeded(call.address, jid.bare);
    this.#codes.succeeded("", jid.bare);
    return jid;
  }

  /** A passkey, after the password or in its place: it has asked for a finger or a PIN itself. Throws as `byCode` does. */
  async byPasskey(answer: { id: string; response: string }, ticket: string | undefined, call: Call): Promise<Jid> {
    const expected = ticket === undefined ? undefined : this.#holderOf(ticket, call);
    refuseIfFull(this.#throttle, call.address, "");
    const bare = await this.#passkeys.verify(answer.id, answer.response);
    if (bare === null || (expected !== undefined && expected.bare !== bare)) {
      await setTimeout(this.#throttle.failed(call.address, ""));
      throw new AdminError("bad-code");
    }
    const jid = Jid.parse(bare);
    const row = await this.#core.stores.accounts.find(jid.domain, jid.local);
    // A suspended account's password is not accepted either.
    if (row === null || (row.suspended !== null && (row.suspended.until ?? Infinity) > this.#core.clock.now()))
      throw new AdminError("bad-credentials");
    if (ticket !== undefined) this.#tickets.take(ticket);
    call.note(jid.bare);
    return jid;
  }

  #holderOf(ticket: string, call: Call): Jid {
    const found = this.#tickets.get(ticket);
    if (found === undefined || found.address !== call.address) throw new AdminError("bad-ticket");
    call.actsAs(found.jid);
    call.note(found.jid.bare);
    return found.jid;
  }

  /** `ok`, or by how many seconds a clock is off (null: the code is simply wrong). */
  async #check(jid: Jid, code: string): Promise<"ok" | number | null> {
    const { stores, clock } = this.#core;
    let skew: number | null = null;
    for (const { id, kind, sealed } of await stores.factors.of(jid.bare)) {
      if (kind !== "totp") continue;
      const outcome = checkTotp(this.#secrets.open(sealed, totpPurpose(jid.bare, id)), code, clock.now());
      // Each code is good for one log-in (RFC 6238 5.2).
      if ("step" in outcome) return (await stores.factors.use(id, outcome.step, clock.now())) ? "ok" : null;
      skew ??= outcome.skewSeconds;
    }
    if (skew !== null) return skew;
    return (await stores.factors.useRecoveryCode(jid.bare, recoveryCodeHash(this.#secrets, code))) ? "ok" : null;
  }
}

function refuseIfFull(throttle: LoginThrottle, address: string, name: string): void {
  const wait = throttle.check(address, name);
  if (wait === null) return;
  throw new AdminError("throttled", undefined, { retryAfterSeconds: Math.ceil(wait.retryAfterMs / 1_000) });
}

function nobodyOf(hosts: Readonly<Record<string, unknown>>): Jid {
  return Jid.of("nobody", Object.keys(hosts)[0] ?? "localhost", "");
}
