import type { Page, PageRequest } from "./page.ts";

/** `account`: to make one; `contact`: of a user, to become a contact; `reset`: to set a new password. */
export type InviteKind = "account" | "contact" | "reset";

/** Whose right to give what an invite gives is asked for, when it is made and again when it is redeemed. */
export type InviteMaker =
  | { readonly kind: "account"; readonly jid: string; readonly address: string }
  /** The id of an API key. */
  | { readonly kind: "key"; readonly id: string }
  /** The control socket. */
  | { readonly kind: "local" };

/** What an account gets that is made with an invite. */
export interface InviteGifts {
  /** A role of the console; `host`: on this one only. Such an invite is good once. */
  readonly role: { readonly name: string; readonly host: string | null } | null;
  /** Names of shared roster groups of the host. */
  readonly groups: readonly string[];
  readonly tags: readonly string[];
}

export interface InviteRow extends InviteGifts {
  /** Names it to admins; it opens nothing. */
  readonly id: string;
  readonly kind: InviteKind;
  readonly host: string;
  /** `account`: the name that is kept for whoever redeems it, or null; `reset`: whose password. */
  readonly local: string | null;
  /** Bare JID that becomes a contact of those who redeem it. */
  readonly inviter: string | null;
  /** An account can be made with it. */
  readonly registers: boolean;
  readonly maxUses: number;
  readonly uses: number;
  readonly createdAt: number;
  readonly createdBy: string;
  /** null: it gives nothing. */
  readonly maker: InviteMaker | null;
  readonly expiresAt: number;
  /** When its page was first looked at. */
  readonly openedAt: number | null;
  readonly revokedAt: number | null;
  readonly note: string;
}

export interface NewInvite extends Omit<InviteRow, "uses" | "openedAt" | "revokedAt"> {
  /** SHA-256 of its token, hex: the token itself is kept nowhere. */
  readonly hash: string;
}

export interface InviteUse {
  readonly jid: string;
  readonly at: number;
  /** It is an account of this server that somebody has logged in to. */
  readonly hasLoggedIn: boolean;
  /** The account has not got yet what the invite gives. */
  readonly isOwed: boolean;
  /** What of that it did not get. */
  readonly withheld: readonly WithheldGift[];
}

export interface WithheldGift {
  readonly what: "role" | "group" | "tags";
  readonly name: string;
  /** A sentence, and its code where it has one. */
  readonly text: string;
  readonly reason: string | null;
}

/** An account that was made with an invite, and has not got yet what that gives. */
export interface OwedGifts {
  readonly invite: InviteRow;
  readonly jid: string;
  /** When the account was made. */
  readonly at: number;
}

/** How far the invites to make an account got. */
export interface InviteFunnel {
  readonly made: number;
  /** Their page was looked at, or a client redeemed them without it. */
  readonly opened: number;
  /** Accounts that were made with them. */
  readonly registered: number;
  /** Of these, accounts that somebody has logged in to. */
  readonly loggedIn: number;
}

export interface InviteFilter {
  readonly hosts?: readonly string[] | undefined;
  readonly kind?: InviteKind | undefined;
  readonly inviter?: string | undefined;
  /** `open`: it can still be redeemed at the time `now`; `done`: it cannot. */
  readonly state: "all" | "open" | "done";
  readonly now: number;
}

export interface Invites {
  /**
   * A reset takes the place of earlier ones of its account. `taken`: there is an account of the name; `held`: another invite
   * keeps the name; `no-account`: there is none whose password could be reset.
   */
  create(invite: NewInvite): Promise<"created" | "taken" | "held" | "no-account">;
  find(id: string): Promise<InviteRow | null>;
  findByHash(hash: string): Promise<InviteRow | null>;
  /** The invite that keeps a name at this time (XEP-0401 5.2), or null. */
  holderOf(host: string, local: string, now: number): Promise<string | null>;
  /** How many invites that somebody made can still be redeemed. */
  waitingOf(creator: string, now: number): Promise<number>;
  opened(id: string, at: number): Promise<void>;
  /** Uses it up once, by this account. false: it is revoked or was used up. */
  use(id: string, jid: string, at: number): Promise<boolean>;
  /** false: there is none, or it is used up or revoked already. */
  revoke(id: string, at: number): Promise<boolean>;
  revokeResets(host: string, local: string, at: number): Promise<void>;
  /** Oldest first. */
  owed(limit: number): Promise<readonly OwedGifts[]>;
  /** The account that was made then has got it, but for what is withheld. */
  gave(id: string, jid: string, at: number, withheld: readonly WithheldGift[]): Promise<void>;
  /** Who redeemed it, oldest first. */
  uses(id: string, limit: number): Promise<readonly InviteUse[]>;
  /** Of these hosts, or of all. */
  funnel(hosts: readonly string[] | undefined): Promise<InviteFunnel>;
  /** Newest first. */
  list(filter: InviteFilter, page: PageRequest): Promise<Page<InviteRow>>;
  /** Forgets invites that expired before a time, at most `limit` in a step. Answers how many. */
  prune(before: number, limit: number): Promise<number>;
}
