import type { Apns } from "./apns.ts";
import type { Inbox, Push } from "./inbox.ts";

const batch = 50;
const maxTries = 5;
const pauseMs = 10_000;

/** Tells phones of what came, a batch at a time, and again later where Apple was not to be reached. */
export class Pusher {
  readonly #inbox: Inbox;
  readonly #apns: Apns;
  #isBusy = false;
  #isCalled = false;
  #again: NodeJS.Timeout | undefined;

  constructor(inbox: Inbox, apns: Apns) {
    this.#inbox = inbox;
    this.#apns = apns;
  }

  /** There may be something to push. */
  async wake(): Promise<void> {
    this.#isCalled = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#isCalled) {
      this.#isCalled = false;
      const pushes = this.#inbox.pushes(batch);
      const isEachDone = await Promise.all(pushes.map((push) => this.#push(push)));
      if (isEachDone.includes(false)) this.#later();
      else if (pushes.length === batch) this.#isCalled = true;
    }
    this.#isBusy = false;
  }

  close(): void {
    clearTimeout(this.#again);
    this.#apns.close();
  }

  async #push(push: Push): Promise<boolean> {
    const { message, token } = push;
    const sender = message.from.split("@", 1)[0]!;
    const payload = {
      aps: {
        alert: { title: sender, body: message.message.body ?? "New message" },
        badge: message.unread,
        sound: "default",
      },
      from: message.from,
    };
    const result = await this.#apns.push(token, payload, message.id);
    if (result === "failed") return !this.#inbox.failed(push, maxTries);
    if (result === "unregistered") this.#inbox.forget(token);
    else this.#inbox.pushed(push);
    return true;
  }

  #later(): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => void this.wake(), pauseMs);
  }
}
