/** A server that plays are performed on. */
export interface Stage {
  readonly name: string;
  readonly port: number;
  readonly transport: "tcp" | "websocket" | "bosh";
  /** Makes an account; it may not exist yet. */
  createAccount(user: string, host: string, password: string): Promise<void>;
  /** What the server wrote, for a failing play. */
  output(): string;
  stop(): Promise<void>;
}

/** The virtual hosts that plays may use. */
export const hosts = ["localhost", "verona.example"];
