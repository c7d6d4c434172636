import { createPrivateKey, sign, type KeyObject } from "node:crypto";
import { connect, type ClientHttp2Session } from "node:http2";
import { text } from "node:stream/consumers";

export interface ApnsSettings {
  /** `https://api.push.apple.com`, or `https://api.sandbox.push.apple.com` for apps run from Xcode. */
  readonly server: string;
  /** Text of the `.p8` file. */
  readonly key: string;
  readonly keyId: string;
  readonly teamId: string;
  /** Bundle id of the app. */
  readonly topic: string;
}
/** `unregistered`: the phone no longer has the app. */
export type PushResult = "accepted" | "unregistered" | "refused" | "failed";

const tokenLifeMs = 50 * 60 * 1000;
const timeoutMs = 10_000;

/** Apple's push service over one connection, which is made anew when it is gone. */
export class Apns {
  readonly #settings: ApnsSettings;
  readonly #key: KeyObject;
  #session: ClientHttp2Session | null = null;
  #token = { text: "", at: 0 };

  constructor(settings: ApnsSettings) {
    this.#settings = settings;
    this.#key = createPrivateKey(settings.key);
  }

  async push(device: string, payload: object, collapseId: string): Promise<PushResult> {
    try {
      const request = this.#connected().request({
        ":method": "POST",
        ":path": `/3/device/${device}`,
        authorization: `bearer ${this.#bearer()}`,
        "apns-topic": this.#settings.topic,
        "apns-push-type": "alert",
        "apns-priority": "10",
        "apns-collapse-id": collapseId.slice(0, 64),
      });
      request.setTimeout(timeoutMs, () => request.destroy(new Error("Apple does not answer")));
      let status = 0;
      request.on("response", (headers) => {
        status = Number(headers[":status"]);
      });
      request.end(JSON.stringify(payload));
      const answer = await text(request);
      if (status === 200) return "accepted";
      if (status === 410 || answer.includes("BadDeviceToken")) return "unregistered";
      return status === 429 || status >= 500 ? "failed" : "refused";
    } catch {
      return "failed";
    }
  }

  close(): void {
    this.#session?.destroy();
  }

  #connected(): ClientHttp2Session {
    if (this.#session !== null && !this.#session.closed && !this.#session.destroyed) return this.#session;
    const session = connect(this.#settings.server);
    const leave = (): void => {
      if (this.#session === session) this.#session = null;
    };
    session.on("error", leave).on("goaway", leave).on("close", leave);
    this.#session = session;
    return session;
  }

  // Apple wants a token to be used for 20 minutes at least and an hour at most.
  #bearer(): string {
    const now = Date.now();
    if (now - this.#token.at < tokenLifeMs) return this.#token.text;
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const { keyId, teamId } = this.#settings;
    const start = `${part({ alg: "ES256", kid: keyId })}.${part({ iss: teamId, iat: Math.floor(now / 1000) })}`;
    const signature = sign("sha256", Buffer.from(start), { key: this.#key, dsaEncoding: "ieee-p1363" });
    this.#token = { text: `${start}.${signature.toString("base64url")}`, at: now };
    return this.#token.text;
  }
}
