import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { connect } from "node:tls";
import type { Finding } from "../../../lib/contracts/doctor.ts";
import type { ForwardTarget } from "../../../lib/contracts/forward-target.ts";
import { guardedLookup, refusalOfUrl } from "../../forward/http/guard.ts";
import { type Examined, finding, reasonOf } from "./parts.ts";

const waitMs = 5_000;
const slightMs = 5_000;
const muchMs = 60_000;

interface Reached {
  readonly address: string;
  /** What the other side says the time is; null: it does not. */
  readonly dateMs: number | null;
  /** When it was asked, in the middle of the exchange. */
  readonly atMs: number;
}

/** Whether web servers and push providers answer, and whether their clocks agree with ours. */
export async function examineDelivery({ core }: Examined): Promise<Finding[]> {
  const { targets } = core.policy.document.forward;
  const results = await Promise.all(Object.entries(targets).map(([name, target]) => examineTarget(name, target)));
  return [...results.flatMap(({ found }) => found), clock(results)];
}

interface Result {
  readonly found: Finding[];
  readonly reached: Reached | null;
}

async function examineTarget(name: string, target: ForwardTarget): Promise<Result> {
  const address = originOf(target);
  if (address === null) return { found: [], reached: null };
  const values = { target: name, address };
  try {
    const reached =
      target.kind === "webhook" ? await ask(address, target.allowPrivate) : await greet(new URL(address).hostname);
    const code = target.kind === "webhook" ? "target-reached" : "provider-reached";
    return { found: [finding("delivery", name, code, values, "ok", reached.address)], reached };
  } catch (error) {
    const reason = reasonOf(error);
    const code = isUntrusted(error) ? "target-untrusted" : "target-unreachable";
    return { found: [finding("delivery", name, code, { ...values, reason }, "error", reason)], reached: null };
  }
}

/** Where a target sends to; null: each device, or each app, has its own. */
function originOf(target: ForwardTarget): string | null {
  switch (target.kind) {
    case "webhook":
      return new URL(target.url).origin;
    case "apns":
      return "https://api.push.apple.com";
    case "fcm":
      return "https://fcm.googleapis.com";
    default:
      return null;
  }
}

/** A request that no receiver takes for a message: HEAD of the root. */
function ask(origin: string, allowPrivate: boolean): Promise<Reached> {
  const refusal = refusalOfUrl(origin, allowPrivate);
  if (refusal !== null) return Promise.reject(new Error(refusal));
  const { promise, resolve, reject } = Promise.withResolvers<Reached>();
  const begunAt = Date.now();
  const send = origin.startsWith("https:") ? overHttps : overHttp;
  const request = send(origin, {
    method: "HEAD",
    agent: false,
    timeout: waitMs,
    lookup: guardedLookup(allowPrivate),
    headers: { "user-agent": "Nightpost doctor" },
  });
  request.on("timeout", () => request.destroy(new Error(`no answer within ${waitMs / 1000} s`)));
  request.once("error", reject);
  request.once("response", (response) => {
    const { remoteAddress, remotePort } = response.socket;
    const date = Date.parse(response.headers.date ?? "");
    response.resume();
    resolve({
      address: `${remoteAddress} ${remotePort}: HTTP ${response.statusCode}`,
      dateMs: Number.isNaN(date) ? null : date,
      atMs: (begunAt + Date.now()) / 2,
    });
    request.destroy();
  });
  request.end();
  return promise;
}

/** Providers speak HTTP/2 to those who have credentials: a handshake says enough. */
function greet(host: string): Promise<Reached> {
  const { promise, resolve, reject } = Promise.withResolvers<Reached>();
  const socket = connect({ host, port: 443, servername: host, ALPNProtocols: ["h2"] });
  socket.setTimeout(waitMs, () => socket.destroy(new Error(`no answer within ${waitMs / 1000} s`)));
  socket.once("error", reject);
  socket.once("secureConnect", () => {
    resolve({ address: `${socket.remoteAddress} 443: ${socket.getProtocol()}`, dateMs: null, atMs: Date.now() });
    socket.destroy();
  });
  return promise;
}

function clock(results: readonly Result[]): Finding {
  const told = results.flatMap(({ reached, found }) =>
    reached?.dateMs == null ? [] : [{ source: found[0]?.subject ?? "", offMs: reached.atMs - reached.dateMs }],
  );
  if (told.length === 0) return finding("clock", "clock", "clock-unknown", {}, "note");
  // HTTP tells whole seconds; one wrong clock among several is the other's.
  const [nearest] = told.toSorted((a, b) => Math.abs(a.offMs) - Math.abs(b.offMs));
  const off = Math.max(0, Math.abs(nearest!.offMs) - 1_000);
  const values = { source: nearest!.source, seconds: (off / 1000).toFixed(off < 10_000 ? 1 : 0) };
  const evidence = told.map(({ source, offMs }) => `${source}: ${(offMs / 1000).toFixed(1)} s`).join(", ");
  if (off < slightMs) return finding("clock", "clock", "clock-right", values, "ok", evidence);
  return finding("clock", "clock", "clock-wrong", values, off < muchMs ? "warning" : "error", evidence);
}

function isUntrusted(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /CERT|ERR_TLS|SELF_SIGNED|UNABLE_TO/.test(code);
}
