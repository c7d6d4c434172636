import type { Topic } from "../../lib/contracts/events.ts";
import type { Sample } from "../storage/ports.ts";
import { liveRow, type LiveRow } from "./live-feed.ts";
import { logRow } from "./log-feed.ts";
import type { Admin } from "./parts.ts";
import { timestamp } from "./timestamp.ts";

type Publish = (topic: Topic, row: LiveRow) => void;

const overviewMs = 5_000;

/** Topics that are made only while somebody follows them: log, figures. */
export class LiveSources {
  readonly #admin: Admin;
  readonly #publish: Publish;
  readonly #running = new Map<Topic, () => void>();
  readonly #starts: ReadonlyMap<Topic, () => () => void> = new Map([
    ["log", () => this.#admin.core.logBook.onRecord((record) => this.#publish("log", logRow(record)))],
    ["overview", () => this.#startOverview()],
    ["metrics", () => this.#admin.history.follow((sample) => this.#metrics(sample))],
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

  #metrics({ at, values }: Sample): void {
    this.#publish("metrics", liveRow({ topic: "metrics", id: 0, data: { at: timestamp(at), values: { ...values } } }));
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
    this.#publish("overview", liveRow({ topic: "overview", id: 0, data }));
  }
}
