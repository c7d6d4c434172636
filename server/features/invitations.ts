import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../core/clock.ts";
import { onePerServer } from "../core/one-per-server.ts";
import { LoginThrottle } from "../core/throttle.ts";
import type { InviteGifts, InviteKind, InviteMaker, InviteRow, Stores } from "../storage/ports.ts";
import type { Jid } from "../xmpp/jid.ts";

export type { InviteKind, InviteRow };

/** Whether an invite can be redeemed, and if not, why. */
export type InviteState = "open" | "used" | "expired" | "revoked";

export interface InviteDraft {
  readonly kind: InviteKind;
  readonly host: string;
  readonly local?: string | null;
  readonly inviter?: Jid | null;
  /** An account can be made with it. */
  readonly registers: boolean;
  readonly maxUses?: number;
  readonly lifetimeMs: number;
  readonly createdBy: string;
  readonly note?: string;
  /** What the account gets that is made with it, and whose right to give that is asked for again then; left out: nothing. */
  readonly gifts?: InviteGifts & { readonly maker: InviteMaker };
}

const noGifts = { role: null, groups: [], tags: [], maker: null };

/** An invite with what only whoever makes it is told. */
export interface MadeInvite {
  readonly invite: InviteRow;
  readonly token: string;
  readonly links: InviteLinks;
}

export interface InviteLinks {
  /** XEP-0401, XEP-0445 2; null for a password reset, which no client knows. */
  readonly uri: string | null;
  /** Its page; null while this server serves none. */
  readonly url: string | null;
}

/** Path of the page of an invite and of a password reset; the token follows. */
export const invitePath = "/invite";
export const resetPath = "/reset";
export const registerPath = "/register";

const tokenBytes = 16;
/** Tokens that are none, a minute: from one address, and from one address for one purpose. */
const guessLimits = { perAddress: 20, perAccount: 20 };

/** Invites to make an account or become a contact (XEP-0401, 0445), and links that set a new password. */
export class Invitations {
  readonly #store: Stores["invites"];
  readonly #clock: Clock;
  readonly #guesses: LoginThrottle;
  /** What a stream that has not logged in yet has shown. */
  readonly #shown = new WeakMap<object, InviteRow>();
  #pages: ((host: string) => string) | null = null;

  constructor(store: Stores["invites"], clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#guesses = new LoginThrottle(clock, guessLimits);
  }

  /** From now on there are pages: `originOf` a host such as `https://chat.example.org`. */
  servePages(originOf: (host: string) => string): void {
    this.#pages = originOf;
  }

  /** `taken`, `held`: the name is; `no-account`: there is none whose password could be reset. */
  async create(draft: InviteDraft): Promise<MadeInvite | "taken" | "held" | "no-account"> {
    const { kind, host, local = null, inviter = null, registers, maxUses = 1, createdBy, note = "" } = draft;
    const token = randomBytes(tokenBytes).toString("hex");
    const createdAt = this.#clock.now();
    const row = {
      id: randomBytes(6).toString("hex"),
      kind,
      host,
      local,
      inviter: inviter?.bare ?? null,
      registers,
      maxUses,
      createdAt,
      createdBy,
      ...(draft.gifts ?? noGifts),
      expiresAt: createdAt + draft.lifetimeMs,
      note,
    };
    const outcome = await this.#store.create({ ...row, hash: hashOf(token) });
    if (outcome !== "created") return outcome;
    const invite = { ...row, uses: 0, openedAt: null, revokedAt: null };
    return { invite, token, links: this.links(invite, token) };
  }

  /**
   * The invite of a token, whatever its state. `throttled`: so many tokens that were none came from this address that this
   * one was not looked at; `purpose` counts them apart.
   */
  async find(token: string, address: string, purpose: string): Promise<InviteRow | "unknown" | "throttled"> {
    if (this.#guesses.check(address, purpose) !== null) return "throttled";
    const found = /^[0-9a-f]{32}$/.test(token) ? await this.#store.findByHash(hashOf(token)) : null;
    if (found !== null) return found;
    this.#guesses.failed(address, purpose);
    return "unknown";
  }

  stateOf(invite: Pick<InviteRow, "uses" | "maxUses" | "expiresAt" | "revokedAt">): InviteState {
    const { uses, maxUses, expiresAt, revokedAt } = invite;
    if (revokedAt !== null) return "revoked";
    if (uses >= maxUses) return "used";
    return expiresAt <= this.#clock.now() ? "expired" : "open";
  }

  links({ kind, host, local, inviter, registers }: InviteRow, token: string): InviteLinks {
    const origin = this.#pages?.(host) ?? null;
    const url = origin === null ? null : `${origin}${kind === "reset" ? resetPath : invitePath}/${token}`;
    if (kind === "reset") return { uri: null, url };
    if (kind === "contact" && inviter !== null)
      return { uri: `xmpp:${escaped(inviter)}?roster;preauth=${token}${registers ? ";ibr=y" : ""}`, url };
    return { uri: `xmpp:${escaped(local === null ? host : `${local}@${host}`)}?register;preauth=${token}`, url };
  }

  /** A stream has shown this invite: what it registers is done with it (XEP-0445 4). */
  show(stream: object, invite: InviteRow): void {
    this.#shown.set(stream, invite);
  }

  shownBy(stream: object): InviteRow | null {
    return this.#shown.get(stream) ?? null;
  }
}

export const invitationsOf = onePerServer(({ stores, clock }) => new Invitations(stores.invites, clock));

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** A bare JID or a domain as RFC 5122 2.3 writes it. */
function escaped(address: string): string {
  return address.split("@").map(encodeURIComponent).join("@");
}
