/** What attempts have shown of something that the server proves itself with to a push provider. */
export interface PushCredentialRow {
  /** When it was first in use, milliseconds since the epoch. */
  readonly since: number;
  /** Parts of the provider that have taken something with it. */
  readonly accepting: readonly string[];
  /** By part of the provider, whose devices it refused for what may be the fault of either; hashes of their addresses. */
  readonly refused: Readonly<Record<string, readonly string[]>>;
}

export interface PushCredentials {
  /** `name` gives nothing of the credential away. */
  find(name: string): Promise<PushCredentialRow | null>;
  put(name: string, row: PushCredentialRow): Promise<void>;
}
