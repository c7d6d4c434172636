import { randomBytes } from "node:crypto";
import type { FormValues } from "../../xmpp/forms.ts";

/** A command under way: what is run where, and what was submitted so far. */
export interface CommandSession {
  readonly id: string;
  readonly entity: string;
  readonly node: string;
  readonly stages: readonly FormValues[];
  /** What the form sent last asks for completes the command. */
  readonly isLast: boolean;
  readonly expiresAt: number;
}

const lifetimeMs = 10 * 60 * 1000;
/** Past these the oldest are forgotten. */
const maxPerRequester = 10;
const maxRequesters = 2_000;

/** Sessions of commands with several stages (XEP-0050 3.3), by full JID of the requester; in memory and bounded. */
export class CommandSessions {
  /** Those who went on last come last. */
  readonly #byRequester = new Map<string, readonly CommandSession[]>();

  /** Answers with the session's id: a new one, or that of the session that goes on. */
  keep(
    requester: string,
    session: Omit<CommandSession, "id" | "expiresAt">,
    going: CommandSession | null,
    now: number,
  ): string {
    const id = going?.id ?? randomBytes(12).toString("base64url");
    const others = this.#of(requester).filter((one) => one.id !== id && one.expiresAt > now);
    const kept = [...others.slice(1 - maxPerRequester), { ...session, id, expiresAt: now + lifetimeMs }];
    this.#byRequester.delete(requester);
    const [oldest] = this.#byRequester.keys();
    if (this.#byRequester.size >= maxRequesters && oldest !== undefined) this.#byRequester.delete(oldest);
    this.#byRequester.set(requester, kept);
    return id;
  }

  /** undefined: the requester has no such session of this command. */
  find(requester: string, id: string, entity: string, node: string, now: number): CommandSession | undefined {
    const session = this.#of(requester).find((one) => one.id === id);
    return session?.entity === entity && session.node === node && session.expiresAt > now ? session : undefined;
  }

  end(requester: string, id: string): void {
    const left = this.#of(requester).filter((one) => one.id !== id);
    if (left.length === 0) this.#byRequester.delete(requester);
    else this.#byRequester.set(requester, left);
  }

  forgetExpired(now: number): void {
    for (const [requester, sessions] of this.#byRequester)
      if (sessions.every(({ expiresAt }) => expiresAt <= now)) this.#byRequester.delete(requester);
  }

  #of(requester: string): readonly CommandSession[] {
    return this.#byRequester.get(requester) ?? [];
  }
}
