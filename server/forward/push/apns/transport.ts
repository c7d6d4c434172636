import type { ApnsTarget } from "../../../../lib/contracts/forward-target.ts";
import type { Clock } from "../../../core/clock.ts";
import { parseRetryAfter } from "../../dispatch/retry.ts";
import { guardedLookup, type Resolver } from "../../http/guard.ts";
import { systemTimers, type Timers } from "../../timers.ts";
import type { Attempt, Outgoing, Transport, TransportOptions } from "../../transport.ts";
import { UnderWay } from "../../under-way.ts";
import { evidenceOf, forNobody, type Evidence } from "../evidence.ts";
import { judgeAnswer, providerWait, type Verdict } from "./answers.ts";
import { failed, recordOf, unanswered, type Begun, type LastExchange } from "./attempt.ts";
import { refusalOfServer } from "./check.ts";
import { Client } from "./client.ts";
import { Course, type Environment } from "./course.ts";
import { providerTokenOf, type ProviderToken } from "./provider-token.ts";
import { requestOf } from "./request.ts";
import type { StreamExchange } from "./stream-exchange.ts";

type Servers = Readonly<Record<Environment, string>>;

/** Where APNs listens; another server takes the place of both. */
const apple: Servers = {
  production: "https://api.push.apple.com",
  sandbox: "https://api.sandbox.push.apple.com",
};

/** Another exchange begins only so long after the first, because the lane is leased for one and ten seconds more. */
const turnsWithinMs = 8_000;

export interface ApnsOptions extends Omit<TransportOptions, "version"> {
  readonly servers?: Servers;
  readonly timers?: Timers;
}

/** Pushes to the devices of one target: accepted by APNs is all that is ever known of them. */
export class ApnsTransport implements Transport {
  readonly #target: Readonly<ApnsTarget>;
  readonly #clock: Clock;
  readonly #resolve: Resolver | undefined;
  readonly #timers: Timers;
  readonly #servers: Servers;
  readonly #provider: ReturnType<typeof providerTokenOf>;
  readonly #clients = new Map<string, Client>();
  readonly #evidence: Evidence;
  readonly #underWay = new UnderWay();
  #isClosing = false;

  constructor(target: Readonly<ApnsTarget>, options: ApnsOptions) {
    const { clock, resolve, vault, servers = apple, timers = systemTimers } = options;
    const { server, key, keyId, teamId, topic } = target;
    this.#target = target;
    this.#clock = clock;
    this.#resolve = resolve;
    this.#timers = timers;
    this.#servers = server === null ? servers : { production: server, sandbox: server };
    this.#provider = providerTokenOf(target, vault);
    this.#evidence = evidenceOf("apns", [teamId, keyId, key, topic, server ?? ""], options);
  }

  async attempt(event: Outgoing, number: number): Promise<Attempt> {
    const begun = { event, number, startedAt: this.#clock.now(), startedTick: performance.now() };
    const course = new Course(event, this.#target);
    const { last, verdict: answer } = await this.#underWay.run(() => this.#exchanges(begun, course));
    if (this.#isClosing) this.close(false);
    const { verdict, device } =
      last.exchange === null ? { verdict: answer } : await this.#conclude(answer, course, event);
    return {
      record: recordOf(begun, last, verdict),
      retryAfterMs: verdict.retryAfterMs,
      isFinal: verdict.isFinal,
      isDeviceOnly: verdict.about === "busy" || isDoubtful(verdict),
      device,
    };
  }

  get isBusy(): boolean {
    return this.#underWay.isAny;
  }

  close(isNow: boolean): void {
    this.#isClosing = true;
    // An attempt under way may need one more exchange.
    if (!isNow && this.#underWay.isAny) return;
    for (const client of this.#clients.values()) client.close(isNow);
  }

  async #conclude(answer: Verdict, course: Course, { device }: Outgoing): Promise<ReturnType<Course["conclude"]>> {
    const evidence = this.#evidence;
    if (evidence.loading !== null) await evidence.loading;
    const concluded = course.conclude(answer, evidence.isAccepted());
    if (device === null) return concluded;
    const { verdict } = concluded;
    const { environment } = course.route;
    if (verdict.about === "accepted") evidence.accepted(environment);
    if (!isDoubtful(verdict) || !evidence.refused(environment, device.user)) return concluded;
    return { verdict: { ...verdict, outcome: "misconfigured", error: forNobody(verdict.error) } };
  }

  /** One exchange after the other, each because of the answer to the one before. */
  async #exchanges(begun: Begun, course: Course): Promise<{ last: LastExchange; verdict: Verdict }> {
    const { event, number } = begun;
    const { token: provider, problem } = this.#provider;
    let hasRenewed = false;
    for (;;) {
      const { route } = course;
      const server = this.#servers[route.environment];
      const origin = URL.parse(server)?.origin ?? server;
      const unsent = { origin, route, request: null, exchange: null, providerToken: null };
      if (provider === null) return { last: unsent, verdict: unanswered("misconfigured", problem, null) };
      const refusal = refusalOfServer(server, this.#target.allowPrivate);
      if (refusal !== null) return { last: unsent, verdict: unanswered("blocked", refusal, null) };
      const now = this.#clock.now();
      // oxlint-disable-next-line no-await-in-loop -- see above
      const providerToken = await provider.at(now);
      if (providerToken === null) return { last: unsent, verdict: withoutToken(provider, now) };
      const request = requestOf(event, route, this.#target, providerToken);
      // oxlint-disable-next-line no-await-in-loop -- see above
      const exchange = await this.#client(origin).send(request.headers, route.payload);
      const last = { origin, route, request, exchange, providerToken };
      if (exchange.status === null) return { last, verdict: failed(exchange, number) };
      const verdict = this.#judge(exchange, number);
      this.#learn(origin, exchange, verdict);
      if (verdict.about === "tokens") provider.stop(now);
      if (verdict.about === "tokens" || verdict.about === "token") {
        // oxlint-disable-next-line no-await-in-loop -- see above
        const isNew = verdict.about === "token" && !hasRenewed && (await provider.renew(providerToken, now));
        if (!isNew) return { last, verdict: { ...verdict, retryAfterMs: provider.waitMs(now) } };
        hasRenewed = true;
      } else if (!course.turn(verdict)) return { last, verdict };
      if (performance.now() - begun.startedTick > turnsWithinMs) return { last, verdict: outOfTime(number) };
    }
  }

  #judge(exchange: StreamExchange, number: number): Verdict {
    const { status, body } = exchange;
    const retryAfter = exchange.responseHeader("retry-after");
    const retryAfterMs = retryAfter === undefined ? null : parseRetryAfter(retryAfter, this.#clock.now());
    return judgeAnswer({ status: status!, body, retryAfterMs }, number);
  }

  /** What an answer shows about the connection and the settings. */
  #learn(origin: string, exchange: StreamExchange, { about }: Verdict): void {
    const client = this.#client(origin);
    if (about === "provider" || about === "connection") client.connectionSpent(exchange);
    else if (about !== "token" && about !== "tokens" && about !== "settings") client.tokenTaken(exchange);
  }

  #client(origin: string): Client {
    let client = this.#clients.get(origin);
    if (client === undefined) {
      const lookup = guardedLookup(this.#target.allowPrivate, this.#resolve);
      client = new Client(new URL(origin), { lookup, timers: this.#timers, timeoutMs: this.#target.timeoutMs });
      this.#clients.set(origin, client);
    }
    return client;
  }
}

/** A refusal of what the settings say that may as well be about the device. */
function isDoubtful({ about, outcome }: Verdict): boolean {
  return outcome === "failed" && (about === "topic" || about === "settings");
}

function outOfTime(number: number): Verdict {
  return unanswered("timeout", "APNs took too long to come to an answer", providerWait(number), "provider");
}

function withoutToken(provider: ProviderToken, now: number): Verdict {
  const error = "APNs takes no new provider token yet (TooManyProviderTokenUpdates)";
  return unanswered("failed", error, provider.waitMs(now), "tokens");
}
