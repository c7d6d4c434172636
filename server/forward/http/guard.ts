import { lookup, type LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { remark, type Remark, remarkText } from "../../../lib/contracts/remarks.ts";
import { reachOf } from "../../core/public-address.ts";

/** The guard said no: the request must not be made, now or later, with these settings. */
export class BlockedError extends Error {
  override readonly name = "BlockedError";
}

/** Ports that speak something else and can be made to misread an HTTP request (WHATWG Fetch 2.9, those in use). */
const foreignPorts = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 5060, 5061, 6000,
  6566, 6665, 6666, 6667, 6668, 6669, 6697, 10080,
]);

/** Why a request to this address must not be made; null when it may. The address is looked at as a number, not as text. */
export function refusalOfAddress(address: string, allowPrivate: boolean): string | null {
  const said = remarkOnAddress(address, allowPrivate);
  return said === null ? null : remarkText(said);
}

function remarkOnAddress(address: string, allowPrivate: boolean): Remark | null {
  const reach = reachOf(address);
  if (reach === null) return remark("reach-unknown", { address });
  const { kind, range } = reach;
  if (kind === "public") return null;
  if (kind === "none") return remark("reach-none", { address, range });
  return allowPrivate ? null : remark("reach-private", { address, range });
}

/** Why this URL must not be used; null when it may, as far as can be told before its name is looked up. */
export function refusalOfUrl(text: string, allowPrivate: boolean): string | null {
  const said = remarkOnUrl(text, allowPrivate);
  return said === null ? null : remarkText(said);
}

/** The same, for whoever tells it in another language. */
export function remarkOnUrl(text: string, allowPrivate: boolean): Remark | null {
  const url = URL.parse(text);
  if (url === null) return remark("url-wrong");
  const { protocol: scheme, port } = url;
  if (scheme !== "https:" && scheme !== "http:") return remark("url-scheme", { scheme });
  if (url.username !== "" || url.password !== "") return remark("url-credentials");
  if (url.hostname === "") return remark("url-no-host");
  if (foreignPorts.has(Number(port))) return remark("url-port", { port });
  // A literal address never reaches the lookup (net.connect), so it is checked here. `127.1` and the like are already
  // numbers in dotted form: the URL parser does that.
  const literal = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
  return isIP(literal) === 0 ? null : remarkOnAddress(literal, allowPrivate);
}

export type Resolver = (
  hostname: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

const systemResolver: Resolver = (hostname, callback) => lookup(hostname, { all: true }, callback);

/** How long a name server may take while somebody waits for settings to be saved. */
const saveLimitMs = 3_000;

/**
 * Why the settings with this URL must not be saved: the checks of {@link refusalOfUrl}, and of every address that the name
 * has now. A name that cannot be looked up is not refused: it is checked again at every connection.
 */
export async function refusalToSave(
  url: string,
  allowPrivate: boolean,
  resolve: Resolver = systemResolver,
): Promise<{ readonly refusal: string | null; readonly warning: string | null }> {
  const refusal = refusalOfUrl(url, allowPrivate);
  const { hostname } = new URL(refusal === null ? url : "http://localhost");
  if (refusal !== null || isIP(hostname) !== 0 || hostname.startsWith("[")) return { refusal, warning: null };
  const { promise, resolve: answer } = Promise.withResolvers<readonly LookupAddress[] | null>();
  const limit = setTimeout(() => answer(null), saveLimitMs);
  resolve(hostname, (error, addresses) => answer(error === null ? addresses : null));
  const addresses = await promise;
  clearTimeout(limit);
  if (addresses === null || addresses.length === 0)
    return { refusal: null, warning: `${hostname} cannot be looked up just now.` };
  for (const { address } of addresses) {
    const reason = refusalOfAddress(address, allowPrivate);
    if (reason !== null) return { refusal: `${hostname}: ${reason}`, warning: null };
  }
  return { refusal: null, warning: null };
}

/**
 * A lookup for `net.connect` that checks every address of a name and hands the checked ones to the socket, so that a name
 * cannot point elsewhere between the check and the connection (DNS rebinding). Questions for one name are joined: the
 * system's resolver runs on a small pool of threads that a slow name server must not fill.
 */
export function guardedLookup(allowPrivate: boolean, resolve: Resolver = systemResolver): LookupFunction {
  type Waiter = Parameters<Resolver>[1];
  const waiting = new Map<string, Waiter[]>();
  const ask = (hostname: string, waiter: Waiter): void => {
    const others = waiting.get(hostname);
    if (others !== undefined) {
      others.push(waiter);
      return;
    }
    const waiters = [waiter];
    waiting.set(hostname, waiters);
    resolve(hostname, (error, addresses) => {
      waiting.delete(hostname);
      for (const one of waiters) one(error, addresses);
    });
  };
  return (hostname, options, callback) => {
    ask(hostname, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      for (const { address } of addresses) {
        const refusal = refusalOfAddress(address, allowPrivate);
        if (refusal !== null) {
          callback(new BlockedError(`${hostname}: ${refusal}`), []);
          return;
        }
      }
      const first = addresses[0];
      if (options.all === true) callback(null, [...addresses]);
      else if (first === undefined) callback(new Error(`${hostname} has no address`), []);
      else callback(null, first.address, first.family);
    });
  };
}
