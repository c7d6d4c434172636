import type { AppServerTarget } from "../../../../lib/contracts/forward-target.ts";
import type { DeviceRow } from "../../../storage/ports.ts";
import { escapeAttribute } from "../../../xmpp/escape.ts";
import { NS } from "../../../xmpp/namespaces.ts";
import type { Attempt, Outgoing, PublishAnswer, Transport, TransportOptions } from "../../transport.ts";
import { type Verdict, verdictOn } from "./refusal.ts";

const maxErrorLength = 300;

/** The way to app servers that clients named (XEP-0357): publishes, sent by the main thread. */
export class AppServerTransport implements Transport {
  readonly #timeoutMs: number;
  readonly #options: TransportOptions;
  readonly #underWay = new Set<() => void>();

  constructor({ timeoutMs }: Pick<AppServerTarget, "timeoutMs">, options: TransportOptions) {
    this.#timeoutMs = timeoutMs;
    this.#options = options;
  }

  get isBusy(): boolean {
    return this.#underWay.size > 0;
  }

  async attempt(event: Outgoing, number: number): Promise<Attempt> {
    const { clock } = this.#options;
    const { device, dueAt } = event;
    const appServer = device?.settings.appServer;
    const startedAt = clock.now();
    const began = performance.now();
    const answer =
      device === null || appServer === undefined
        ? null
        : await this.#publish(device.host, appServer.jid, pubsub(appServer.node, event.payload, device));
    const {
      outcome,
      error,
      device: news,
      isFinal,
    } = answer === null ? nowhere(event) : verdictOn(answer, device!, clock.now());
    const totalMs = performance.now() - began;
    return {
      record: {
        number,
        startedAt,
        outcome,
        status: null,
        error: error?.slice(0, maxErrorLength) ?? null,
        address: null,
        timing: {
          queueMs: Math.max(0, startedAt - dueAt),
          dnsMs: null,
          connectMs: null,
          tlsMs: null,
          firstByteMs: answer === null || answer.kind === "timeout" ? null : totalMs,
          totalMs,
        },
        request: {
          method: "IQ",
          url: appServer === undefined ? "" : uriOf(appServer.jid, appServer.node),
          headers: device === null ? [] : [["from", device.host]],
        },
        response: null,
        providerId: null,
      },
      retryAfterMs: null,
      device: news,
      isFinal,
    };
  }

  close(isNow: boolean): void {
    if (isNow) for (const end of this.#underWay) end();
  }

  /** The main thread has a limit of its own, which is that of this server; the target's may be shorter. */
  #publish(host: string, jid: string, payload: string): Promise<PublishAnswer> {
    const { publish } = this.#options;
    if (publish === undefined) return Promise.resolve({ kind: "timeout" });
    const { promise, resolve } = Promise.withResolvers<PublishAnswer>();
    const giveUp = (): void => resolve({ kind: "timeout" });
    const timer = setTimeout(giveUp, this.#timeoutMs);
    this.#underWay.add(giveUp);
    void publish({ host, jid, payload }).then(resolve);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#underWay.delete(giveUp);
    });
  }
}

/** Which app servers there are only clients know: a target has none of its own to be tested with. */
function nowhere({ isTest }: Outgoing): Verdict {
  const error = isTest === true ? "only a device can be tested: its client named the app server" : "the device is gone";
  return { outcome: isTest === true ? "failed" : "unregistered", error, device: undefined, isFinal: true };
}

// XEP-0060 7.1, and 7.1.5 for what the client gave with the node. Both parts are XML that declares what it uses.
function pubsub(node: string | null, item: string, { settings }: DeviceRow): string {
  const { publishOptions } = settings;
  const options = publishOptions === undefined ? "" : `<publish-options>${publishOptions}</publish-options>`;
  const at = node === null ? "" : ` node='${escapeAttribute(node)}'`;
  return `<pubsub xmlns='${NS.pubsub}'><publish${at}><item>${item}</item></publish>${options}</pubsub>`;
}

// RFC 5122 2.2, XEP-0060 12.9.
function uriOf(jid: string, node: string | null): string {
  const query = node === null ? "" : `?;node=${encodeURIComponent(node)}`;
  return `xmpp:${encodeURI(jid)}${query}`;
}
