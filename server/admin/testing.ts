import { createHash, randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { encode } from "next-auth/jwt";
import type { Permission } from "../../lib/contracts/endpoint.ts";
import { ForwardRule } from "../../lib/contracts/forward-policy.ts";
import { WebhookTarget } from "../../lib/contracts/forward-target.ts";
import type { Policy } from "../../lib/contracts/policy.ts";
import type { ModuleDefinition } from "../core/module.ts";
import { Secrets } from "../core/secrets.ts";
import { testServer, type TestServer } from "../core/testing.ts";
import { LoginThrottle } from "../core/throttle.ts";
import type { ForwardAlert, ForwardService, TargetState, TestResult } from "../forward/service.ts";
import { testCertificates } from "../operations/certificates/testing.ts";
import { Jid } from "../xmpp/jid.ts";
import { createAdmin, type AdminApi } from "./index.ts";

export const consoleSecret = randomBytes(32).toString("hex");
export const consoleToken = randomBytes(16).toString("hex");

export const hosts = ["a.example", "b.example"];
/** Admin of everything, admin of a.example only, admin of nothing. */
export const [boss, warden, user] = ["boss@a.example", "warden@a.example", "user@a.example"] as const;
export const passwordOf = (jid: string): string => `password of ${jid}`;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}
export interface Ask {
  /** Header values of whoever asks; nobody when left out. */
  readonly as?: Record<string, string>;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface AdminTestServer extends TestServer {
  readonly api: AdminApi;
  readonly origin: string;
  /** What was asked of the dispatcher, e.g. `wake hook`. */
  readonly dispatched: string[];
  readonly throttle: LoginThrottle;
  readonly secrets: Secrets;
  /** What names in settings are looked up to; a public address when it is not in here. */
  readonly resolved: Map<string, string>;
  /** What the dispatcher says of targets. */
  readonly health: Map<string, TargetState>;
  alert(alert: ForwardAlert): void;
  ask(method: string, path: string, ask?: Ask): Promise<Answer>;
  /** A console session: the headers that a browser would send. */
  signIn(jid: string): Promise<Record<string, string>>;
  /** An API key with these permissions. */
  key(
    permissions: readonly Permission[],
    more?: { hosts?: readonly string[]; addresses?: readonly string[]; expiresAt?: number },
  ): Promise<Record<string, string>>;
}

function setAdmins(draft: Policy): void {
  draft.acl["admin"] = [{ user: boss }];
  draft.hosts["a.example"]!.accessRules["configure"] = { inherit: "append", lines: [{ allow: [{ user: warden }] }] };
}

function setForwarding(draft: Policy): void {
  draft.forward.targets = {
    hook: WebhookTarget.parse({ url: "https://hooks.example/in", preset: "json", timeoutMs: 1_000, maxAttempts: 3 }),
  };
  draft.forward.rules = [ForwardRule.parse({ name: "all", targets: ["hook"] })];
}

/** For `policy`: there is no admin yet, as before the set-up. */
export function withoutAdmins(draft: Policy): void {
  draft.acl["admin"] = [];
  draft.hosts["a.example"]!.accessRules = {};
}

/** What the set-up is completed with. */
export const firstAdmin = { host: "bix.example", admin: "harttle@bix.example", password: "correct horse" };

/**
 * The admin API over a test server, on a real HTTP listener of the loopback interface. `policy`: beside the admins; left out,
 * everything is forwarded to a target `hook`.
 */
export async function adminTestServer(
  options: { modules?: readonly ModuleDefinition[]; policy?: (draft: Policy) => void } = {},
): Promise<AdminTestServer> {
  const { modules = [], policy = setForwarding } = options;
  const server = await testServer({
    modules,
    hosts,
    policy(draft) {
      setAdmins(draft);
      policy(draft);
    },
  });
  const { core, loader, clock, stores } = server;
  for (const jid of [boss, warden, user])
    await core.accounts.create({ user: Jid.parse(jid), password: passwordOf(jid), via: "admin" });
  const dispatched: string[] = [];
  const throttle = new LoginThrottle(clock);
  const secrets = Secrets.ephemeral();
  const resolved = new Map<string, string>();
  const health = new Map<string, TargetState>();
  const alerted = new Set<(alert: ForwardAlert) => void>();
  const shown = await testCertificates(core, secrets);
  const api = createAdmin({
    core,
    loader,
    secrets,
    forward: dispatcher(dispatched, health, alerted),
    throttle,
    resolve: (hostname, callback) => callback(null, [{ address: resolved.get(hostname) ?? "192.0.43.8", family: 4 }]),
    certificates: shown.keeper,
    orders: shown.orders,
    backups: null,
    patient: { dns: nobody, addresses: () => [], dataDirectory: "", keyFile: null, warnings: [] },
    listeners: () => [],
    state: () => "ready",
    stop: () => dispatched.push("stop"),
    restart: () => dispatched.push("restart"),
    console: { sessionSecret: consoleSecret, token: consoleToken },
  });
  const http = await listen(api);
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;

  return {
    ...server,
    api,
    origin,
    dispatched,
    throttle,
    secrets,
    resolved,
    health,
    alert: (alert) => {
      for (const listener of alerted) listener(alert);
    },
    async ask(method, path, { as = {}, body, headers = {} } = {}) {
      const json = body === undefined ? {} : { "content-type": "application/json" };
      const same = as["cookie"] === undefined ? {} : { origin, "sec-fetch-site": "same-origin" };
      const init = { method, headers: { ...json, ...same, ...as, ...headers } };
      const response = await fetch(origin + path, body === undefined ? init : { ...init, body: JSON.stringify(body) });
      return { status: response.status, headers: response.headers, body: (await response.json()) as Answer["body"] };
    },
    async signIn(jid) {
      const sid = randomBytes(12).toString("base64url");
      const now = clock.now();
      const row = {
        id: sid,
        jid,
        createdAt: now,
        lastSeenAt: now,
        expiresAt: now + 3_600_000,
        address: "",
        userAgent: "",
      };
      await stores.admin.putSession(row);
      return { cookie: `other=1; nightpost.sid=${await encode({ token: { sid, jid }, secret: consoleSecret })}` };
    },
    async key(permissions, { hosts: held, addresses, expiresAt } = {}) {
      const text = `np_${randomBytes(32).toString("base64url")}`;
      await stores.admin.putKey({
        id: randomBytes(6).toString("hex"),
        name: "test key",
        hash: createHash("sha256").update(text).digest("hex"),
        permissions,
        hosts: held ?? null,
        addresses: addresses ?? [],
        createdAt: clock.now(),
        createdBy: boss,
        expiresAt: expiresAt ?? null,
        lastUsedAt: null,
        lastUsedFrom: null,
      });
      return { authorization: `Bearer ${text}` };
    },
    async stop() {
      api.stop();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await server.stop();
    },
  };
}

/** A DNS without a record. */
const none = (): Promise<never> => Promise.reject(Object.assign(new Error("no record"), { code: "ENOTFOUND" }));
const nobody = { resolve4: none, resolve6: none, resolveSrv: none, resolveCaa: none, reverse: none };

function listen(api: AdminApi): Promise<Server> {
  const http = createServer((request, response) => {
    if (api.handle(request, response) === false) response.writeHead(404).end();
  });
  http.on("upgrade", (request, socket, head) => {
    if (!api.upgrade(request, socket, head)) socket.destroy();
  });
  return new Promise((resolve) => http.listen(0, "127.0.0.1", () => resolve(http)));
}

function dispatcher(
  dispatched: string[],
  health: ReadonlyMap<string, TargetState>,
  alerted: Set<(alert: ForwardAlert) => void>,
): ForwardService {
  return {
    retryMs: [2_000, 10_000, 60_000],
    wake: (targets) => void dispatched.push(`wake ${[...(targets ?? [])].join(" ")}`),
    test(name, target, device, { sample, signature } = {}) {
      const url = target.kind === "webhook" ? target.url : target.kind;
      const request = { method: "POST", url, headers: [["content-type", "application/json"]] as const };
      const timing = { queueMs: 0, dnsMs: null, connectMs: 1, tlsMs: null, firstByteMs: 2, totalMs: 3 };
      const what = target.kind === "webhook" ? `${target.accessToken} ${JSON.stringify(target.headers)}` : device?.id;
      const how = [signature === "valid" ? [] : (signature ?? []), sample?.payload ?? []].flat().join(":");
      dispatched.push(`test ${name} ${what} ${how}`.trimEnd());
      const result: TestResult = {
        number: 1,
        startedAt: 0,
        outcome: "delivered",
        status: 200,
        error: null,
        address: "192.0.2.1:443",
        timing,
        request,
        response: null,
        providerId: null,
        payload: "{}",
      };
      return Promise.resolve(result);
    },
    release: (target) => Promise.resolve(void dispatched.push(`release ${target}`)),
    health: () => Promise.resolve(health),
    onAlert: (listener) => {
      alerted.add(listener);
      return () => alerted.delete(listener);
    },
    onPublish: () => {},
    reload: () => Promise.resolve(void dispatched.push("reload")),
    close: () => Promise.resolve(),
  };
}
