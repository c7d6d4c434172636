import { remark, type Remark, remarkText } from "../../../lib/contracts/remarks.ts";
import { Exchanges, unsent, type ExchangesOptions, type Reply } from "./exchanges.ts";
import { remarkOnUrl } from "./guard.ts";

/** Push services keep idle connections for minutes, and a TLS handshake costs more than a push. */
const keepAliveMs = 60_000;

/** Why a secret must not be sent to this URL; null when it may, as far as can be told before its name is looked up. */
export function refusalOfProvider(url: string, allowPrivate: boolean): string | null {
  const said = remarkOnProvider(url, allowPrivate);
  return said === null ? null : remarkText(said);
}

/** The same, for whoever tells it in another language. */
export function remarkOnProvider(url: string, allowPrivate: boolean): Remark | null {
  const said = remarkOnUrl(url, allowPrivate);
  if (said !== null || allowPrivate) return said;
  return url.slice(0, "https:".length).toLowerCase() === "https:" ? null : remark("url-plain");
}

/** Guarded requests to push providers, wherever each of them goes. */
export class Origins {
  readonly #allowPrivate: boolean;
  readonly #exchanges: Exchanges;

  constructor(options: Omit<ExchangesOptions, "keepAliveMs">) {
    this.#allowPrivate = options.allowPrivate;
    this.#exchanges = new Exchanges({ ...options, keepAliveMs });
  }

  /** `headers` is a list of names and values by turns. Never rejects: what went wrong is in the exchange. */
  post(url: string, headers: string[], body: string | Uint8Array): Promise<Reply> {
    const refusal = refusalOfProvider(url, this.#allowPrivate);
    if (refusal !== null) return Promise.resolve(unsent(refusal));
    const { origin, pathname, search } = new URL(url);
    return this.#exchanges.post(origin, pathname + search, headers, body);
  }

  /** Closes what is idle; with `isNow`, ends what is under way, too, and begins nothing more. */
  close(isNow: boolean): void {
    this.#exchanges.close(isNow);
  }
}
