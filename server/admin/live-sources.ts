import type { LiveEvent, Topic } from "../../lib/contracts/events.ts";
import type { LogRecord } from "../core/log.ts";
import type { Session } from "../core/session.ts";
import { tapStanzas } from "../core/tap.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import type { Caller } from "./caller.ts";
import type { Admin } from "./parts.ts";
import { timestamp } from "./timestamp.ts";
import { hollow, isSecret } from "./hollow.ts";

type Publish = (event: LiveEvent, sees: (caller: Caller) => boolean) => void;

const overviewMs = 5_000;
const everybody = (): boolean => true;
const mayRead = (caller: Caller): boolean => caller.permissions.has("bodies:read");
const mayNotRead = (caller: Caller): boolean => !caller.permissions.has("bodies:read");

/** Topics that are made only while somebody follows them: log, traffic, figures. */
export class LiveSources {
  readonly #admin: Admin;
  readonly #publish: Publish;
  readonly #running = new Map<Topic, () => void>();
  readonly #starts: ReadonlyMap<Topic, () => () => void> = new Map([
    ["log", () => this.#admin.core.log.tap((record) => this.#log(record))],
    ["stanzas", () => tapStanzas((direction, session, stanza) => this.#stanza(direction, session, stanza))],
    ["overview", () => this.#startOverview()],
  ]);

  constructor(admin: Admin, publish: Publish) {
    this.#admin = admin;
    this.#publish = publish;
  }

  /** Starts and stops sources, so that those run that are followed. */
  follow(isFollowed: (topic: Topic) => boolean): void {
    for (const [topic, start] of this.#starts) {
      const stop = this.#running.get(topic);
      if (isFollowed(topic)) {
        if (stop === undefined) this.#running.set(topic, start());
      } else if (stop !== undefined) {
        this.#running.delete(topic);
        stop();
      }
    }
  }

  stop(): void {
    this.follow(() => false);
  }

  #log({ at, level, module, message, fields }: LogRecord): void {
    const data = { at: timestamp(at), level, module, message, fields: { ...fields } };
    this.#publish({ topic: "log", id: 0, data }, everybody);
  }

  #stanza(direction: "in" | "out", session: Session, stanza: Stanza): void {
    const at = timestamp(this.#admin.core.clock.now());
    const record = (xml: string): LiveEvent => ({
      topic: "stanzas",
      id: 0,
      data: { at, direction, jid: session.jid.full, xml },
    });
    if (isSecret(stanza)) {
      this.#publish(record(hollow(stanza)), everybody);
      return;
    }
    this.#publish(record(stanza.toString()), mayRead);
    this.#publish(record(hollow(stanza)), mayNotRead);
  }

  #startOverview(): () => void {
    const publish = (): void => {
      this.#overview().catch((error: unknown) =>
        this.#admin.core.log.for("admin").warn("the overview could not be read", { error: String(error) }),
      );
    };
    const timer = setInterval(publish, overviewMs).unref();
    publish();
    return () => clearInterval(timer);
  }

  async #overview(): Promise<void> {
    const { core, history } = this.#admin;
    const [offline, targets] = await Promise.all([
      core.stores.offline.totals(),
      core.stores.outbox.stats(core.clock.now()),
    ]);
    const data = {
      online: core.sessions.size,
      messagesPerSecond: history.messagesPerSecond,
      offlineMessages: offline.messages,
      backlog: targets.reduce((sum, target) => sum + target.backlog, 0),
      dead: targets.reduce((sum, target) => sum + target.dead, 0),
    };
    this.#publish({ topic: "overview", id: 0, data }, everybody);
  }
}
