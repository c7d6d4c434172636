/** A token of a client (XEP-0484). Its text is not kept: it is made of `nonce` with a key from outside the store. */
export interface ClientToken {
  readonly nonce: string;
  /** The only SASL mechanism it is good for. */
  readonly mechanism: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** The greatest count that came with it; 0: none did (XEP-0484 3.4). */
  readonly count: number;
}

/** An installation that has logged in to an account and told its id (XEP-0388 2.5). */
export interface ClientRow {
  /** Made of that id, which is not kept. */
  readonly id: string;
  readonly software: string | null;
  readonly device: string | null;
  /** Mechanism and address of its last login. */
  readonly mechanism: string;
  readonly address: string;
  /** It has logged in with the password that the account has now. */
  readonly knowsPassword: boolean;
  readonly firstAt: number;
  readonly lastAt: number;
  /** The token in use, and the one that takes its place when it is first used (XEP-0484 5.1). */
  readonly current: ClientToken | null;
  readonly fresh: ClientToken | null;
}

export interface ClientLogin {
  readonly host: string;
  readonly local: string;
  readonly id: string;
  readonly software: string | null;
  readonly device: string | null;
  readonly mechanism: string;
  readonly address: string;
  readonly isPassword: boolean;
  readonly at: number;
  /** The token that it logged in with, and the count it gave. */
  readonly used: { readonly nonce: string; readonly count: number | null } | null;
  /** The used token is not to be used again. */
  readonly isInvalidated: boolean;
  readonly issued: Omit<ClientToken, "count"> | null;
}

export interface Clients {
  find(host: string, local: string, id: string): Promise<ClientRow | null>;
  /** Clients of an account, the one that logged in last first. */
  of(host: string, local: string): Promise<readonly ClientRow[]>;
  /**
   * Notes a login and its tokens. `gone`: the token or the account is there no longer; `replayed`: the count is not greater
   * than the one before; nothing was changed then. Past `maxClients` those that logged in longest ago are forgotten.
   */
  login(login: ClientLogin, maxClients: number): Promise<"noted" | "gone" | "replayed">;
  /** Takes the tokens of one client away. false: there is no such client. */
  revoke(host: string, local: string, id: string): Promise<boolean>;
  /** Takes the tokens of all clients away. With a changed password no client knows the password either. */
  revokeAll(host: string, local: string, isPasswordChanged: boolean): Promise<void>;
  remove(host: string, local: string, id: string): Promise<boolean>;
  /** Forgets clients of a host whose last login was before a time, at most `limit` in a step. Answers how many. */
  prune(host: string, before: number, limit: number): Promise<number>;
}
