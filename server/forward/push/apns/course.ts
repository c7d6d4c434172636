import { attemptError } from "../../../../lib/contracts/attempt-errors.ts";
import type { ApnsTarget } from "../../../../lib/contracts/forward-target.ts";
import type { DeviceNews } from "../../../storage/ports.ts";
import type { Outgoing } from "../../transport.ts";
import type { Verdict } from "./answers.ts";
import { contentless } from "./payload.ts";
import type { Route } from "./request.ts";

/** Nobody's: a push to it shows whether APNs takes the key. */
const noDeviceToken = "0".repeat(64);

const aboutDevice: ReadonlySet<Verdict["about"]> = new Set(["busy", "size", "event", "topic", "settings"]);

export type Environment = Route["environment"];

/**
 * The way of one attempt: an answer may call for another exchange at once. Each of these is tried once, so that an attempt
 * has an end: the other environment, where the device did not say which is its own; the alert, where the token for calls is
 * worth nothing; and a payload without content, where the first was too large.
 */
export class Course {
  route: Route;
  readonly #event: Outgoing;
  readonly #target: Readonly<ApnsTarget>;
  readonly #environment: Environment | null;
  /** What the environment asked first said of the token, once the other one is asked. */
  #refusedFirst: Verdict | null = null;
  #hasShortened = false;

  constructor(event: Outgoing, target: Readonly<ApnsTarget>) {
    this.#event = event;
    this.#target = target;
    this.#environment = event.device?.settings.environment ?? null;
    const voipToken = event.class === "call" && target.voip ? event.device?.settings.voipToken : undefined;
    this.route = this.#start(voipToken ?? event.device?.token ?? noDeviceToken, voipToken !== undefined, event.payload);
  }

  /** true: {@link route} is to be tried now; false: the answer stands. */
  turn(verdict: Verdict): boolean {
    const { about } = verdict;
    const { route } = this;
    if (about === "size") return this.#shorten();
    if (about === "device" && this.#maySwitch) {
      this.#refusedFirst = verdict;
      this.route = { ...route, environment: route.environment === "production" ? "sandbox" : "production" };
      return true;
    }
    if (!route.isVoip || (about !== "device" && about !== "gone" && about !== "topic")) return false;
    // The call is told like a message: the device's other token may be fine.
    this.#refusedFirst = null;
    this.route = this.#start(this.#event.device!.token, false, route.payload);
    return true;
  }

  /** What the last answer means for the event, and what it shows about the device. */
  conclude(last: Verdict, isProven: boolean): { readonly verdict: Verdict; readonly device?: DeviceNews } {
    if (this.#event.device === null) return { verdict: probed(last) };
    const verdict = this.#conclusion(last, isProven);
    switch (verdict.outcome) {
      case "delivered":
        if (this.#refusedFirst === null) return { verdict, device: { kind: "accepted" } };
        return { verdict, device: { kind: "environment", environment: this.route.environment } };
      case "unregistered":
        return { verdict, device: { kind: "gone", reason: verdict.error ?? "", since: verdict.since } };
      default:
        return verdict.outcome !== "misconfigured" && aboutDevice.has(verdict.about)
          ? { verdict, device: { kind: "failed", error: verdict.error ?? "" } }
          : { verdict };
    }
  }

  get #maySwitch(): boolean {
    const { device } = this.#event;
    return device !== null && this.#environment === null && this.#target.server === null && this.#refusedFirst === null;
  }

  #start(deviceToken: string, isVoip: boolean, payload: string): Route {
    return { environment: this.#environment ?? this.#target.environment, deviceToken, isVoip, payload };
  }

  #shorten(): boolean {
    if (this.#hasShortened) return false;
    this.#hasShortened = true;
    const payload = contentless(this.route.payload, this.#target);
    if (payload === null) return false;
    this.route = { ...this.route, payload };
    return true;
  }

  #conclusion(last: Verdict, isProven: boolean): Verdict {
    // A key may be good for one environment only: the other one says nothing about the device.
    if (last.about === "settings" && this.#refusedFirst !== null) return this.#refusedFirst;
    if (last.about === "settings" && this.#isInOtherEnvironment) return { ...last, outcome: "failed" };
    if (last.about !== "topic") return last;
    // Where pushes to this topic are taken, the settings are right and it is the token that somebody made up.
    const isForeign = isProven || this.#refusedFirst !== null;
    return isForeign ? { ...last, outcome: "unregistered", isFinal: true } : { ...last, outcome: "failed" };
  }

  /** Where only the device says that it is. */
  get #isInOtherEnvironment(): boolean {
    return this.#target.server === null && this.route.environment !== this.#target.environment;
  }
}

/** A test without a device: that nobody has the token shows that APNs took the key. */
function probed(verdict: Verdict): Verdict {
  if (verdict.about !== "device") return verdict;
  return { ...verdict, error: attemptError("apns-key-accepted") };
}
