import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { domainToUnicode } from "node:url";
import { parseArgs } from "node:util";
import packageJson from "../package.json" with { type: "json" };
import { consoleEntry } from "../scripts/console-paths.mjs";
import { listenForControl } from "./admin/control.ts";
import { createAdmin } from "./admin/index.ts";
import { accountPages, publicOrigin, servePages } from "./boot/account-pages.ts";
import { bindAddress, urlHost } from "./boot/addresses.ts";
import { readAuthorities } from "./boot/authorities.ts";
import { backupRoute, openBackups } from "./boot/backups.ts";
import { BootError } from "./boot/boot-error.ts";
import { careForCertificates, openChallengePort } from "./boot/certificate-orders.ts";
import { clientRoutes } from "./boot/client-routes.ts";
import { openComponents } from "./boot/component-listener.ts";
import { openConsoleApi } from "./boot/console-api.ts";
import { endWithout, refuseStore } from "./boot/damaged-store.ts";
import { watchDisk } from "./boot/disk-watch.ts";
import { earlierRecords } from "./boot/earlier-log.ts";
import { firstAdmin, firstHosts } from "./boot/first-start.ts";
import { giveBackMemory } from "./boot/give-back.ts";
import { startHousekeeping } from "./boot/housekeeping.ts";
import { openLogOutput } from "./boot/log-output.ts";
import { metricsRoute } from "./boot/metrics-route.ts";
import { loadOperatorModules } from "./boot/operator-modules.ts";
import { patientOf } from "./boot/patient.ts";
import { takeDataDirectory } from "./boot/pid-file.ts";
import { Federation } from "./boot/server-listener.ts";
import { openStores } from "./boot/stores.ts";
import { lowerBackgroundPriority } from "./boot/thread-priority.ts";
import { fileRoute, serveFiles } from "./boot/uploaded-files.ts";
import { warnings } from "./boot/warnings.ts";
import { ConfigError, loadConfig } from "./config/load.ts";
import { ClientService } from "./core/client-service.ts";
import { systemClock } from "./core/clock.ts";
import { createCore } from "./core/create.ts";
import { Loader } from "./core/loader.ts";
import { createLog } from "./core/log.ts";
import { PolicyState } from "./core/policy/state.ts";
import { Secrets, SecretsError } from "./core/secrets.ts";
import { LoginThrottle } from "./core/throttle.ts";
import { announcementsOf } from "./features/announcements/announcements.ts";
import { forward as forwardModule } from "./forward/module.ts";
import { publisher } from "./forward/publisher.ts";
import { appServer } from "./forward/push/app-server/module.ts";
import { startForward } from "./forward/start.ts";
import { modules } from "./modules/index.ts";
import { AddressLimits } from "./net/address-limits.ts";
import { CertificateError, Certificates } from "./net/certificates.ts";
import { ConsoleChild } from "./net/http/console.ts";
import { HttpFront } from "./net/http/front.ts";
import { wasEncrypted } from "./net/http/peer.ts";
import { consoleProxy } from "./net/http/proxy.ts";
import { refuse } from "./net/http/refuse.ts";
import { Listener, ListenerError } from "./net/listener.ts";
import { TrustedSources } from "./net/trusted-sources.ts";
import { applyStagedRestore } from "./operations/backups/restore.ts";
import { StoreError } from "./storage/errors.ts";
import { brandRoutes } from "./web/brand.ts";

const { version } = packageJson;
const clock = systemClock;

/** Puts the server together, from the configuration to the listeners. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: "string" } } });
  const configFile = values.config ?? process.env["NIGHTPOST_CONFIG"];
  const { config } = loadConfig(configFile, process.env);
  const earlier = earlierRecords(config.log.file);
  const output = openLogOutput(config.log.file);
  const log = createLog(config.log.level, output.sink);
  for (const warning of warnings(config)) log.warn(warning);
  const directory = takeDataDirectory(config.data);
  process.on("exit", directory.release);
  const replaced = applyStagedRestore(config.data, clock.now());
  if (replaced !== null) log.warn("a backup was restored; what was there before is kept", { directory: replaced });

  const { stores, runForward } = await openStores(config.storage, config.data).catch((error: unknown) =>
    refuseStore(error, config.data),
  );
  stores.onFailure((error) => {
    // Without its store the server could only lose what it is told: better no server.
    log.error("the store failed; stopping", { error });
    void endWithout(error, config.data, log);
  });
  const keyFile = join(config.data, "nightpost.key");
  const hadKeyFile = existsSync(keyFile);
  const secrets = await Secrets.open(keyFile);
  const policy = await PolicyState.open(stores, clock, log);
  if (!hadKeyFile && policy.revision.id > 1)
    log.warn("the key file was missing: what the store holds encrypted opens only with the old one", { file: keyFile });
  const core = createCore({ stores, policy, secrets, log, clock, version });
  core.logBook.precede(earlier);
  const loader = new Loader(core, [...modules, forwardModule, appServer], await loadOperatorModules(config.modules));
  await firstHosts(policy, config.hosts);

  const certificates = await Certificates.open({
    directory: config.storage === "memory" ? null : join(config.data, "certificates"),
    files: config.certificates,
    clientCa: readAuthorities(config.c2s.clientCa, "c2s.clientCa"),
    serverCa: readAuthorities(config.s2s.ca, "s2s.ca"),
    report: (severity, message) => log.for("certificates")[severity](message),
  });
  // For HTTPS before there is a host.
  await certificates.ensure(["localhost"]);
  const care = await careForCertificates(core, secrets, certificates);
  const backups = config.storage === "memory" ? null : await openBackups(core, secrets, config.data, configFile);
  await loader.start();
  core.accounts.start();
  await announcementsOf(core).start();
  const stopHousekeeping = startHousekeeping(core);
  const stopGivingBack = giveBackMemory();
  lowerBackgroundPriority();
  const stopWatching = config.storage === "memory" ? null : await watchDisk(core, config.data);
  const retryMs = config.forward.retrySeconds.map((seconds) => seconds * 1000);
  const forward = await startForward(core, secrets, await runForward({ clock, log, version, retryMs }));
  forward.onPublish(publisher(core));
  const throttle = new LoginThrottle(clock);
  const clients = await ClientService.start(core, certificates, throttle, {
    starttls: config.c2s.starttls,
    plainWithoutTls: config.c2s.plainWithoutTls,
    loginMs: config.c2s.loginSeconds * 1000,
    maxUnauthenticated: config.c2s.maxUnauthenticated,
  });

  core.metrics.add({
    name: "nightpost_streams",
    help: "Open connections of clients, logged in or not.",
    type: "gauge",
    read: () => [{ labels: {}, value: clients.size }],
  });

  let state: "starting" | "ready" | "stopping" = "starting";
  const listeners: {
    name: string;
    address: string;
    port: number;
    tls: "none" | "starttls" | "direct" | "sniffed";
    error: null;
  }[] = [];
  const sessionSecret = secrets.derive("console session").toString("base64url");
  const consoleToken = randomBytes(32).toString("base64url");
  const admin = createAdmin({
    core,
    loader,
    secrets,
    forward,
    throttle,
    certificates: care.keeper,
    orders: care.orders,
    backups,
    patient: patientOf(config),
    listeners: () => [...listeners, ...federation.listeners()],
    state: () => state,
    stop: () => void stop(),
    restart: () => void stop(startAnew),
    console: { sessionSecret, token: consoleToken },
  });
  await firstAdmin(admin, policy, process.env);

  const hasConsole = config.console === "on" && existsSync(consoleEntry);
  if (config.console === "on" && !hasConsole) log.warn("the console is not built (npm run build); running without it");
  const consoleApi = await openConsoleApi(consoleToken, (request, response) => void admin.handle(request, response));
  const consoleChild = new ConsoleChild({
    entry: consoleEntry,
    api: consoleApi.url,
    token: consoleToken,
    sessionSecret,
    onLog: (line, isError) => log.for("console")[isError ? "warn" : "debug"](line),
  });

  const address = bindAddress(config.bind);
  const limits = new AddressLimits({ maxPerAddress: config.c2s.maxPerAddress, newPerSecond: config.c2s.newPerSecond });
  const httpLimits = new AddressLimits({ maxPerAddress: 256, newPerSecond: 100 });
  const failed = (error: Error): void => log.error("a listener failed", { error });
  const trusted = new TrustedSources(config.trustedProxies);
  const proxies = config.c2s.proxyProtocol ? trusted : null;
  const c2s = await Listener.open({
    name: "c2s",
    address,
    port: config.c2s.port,
    limits,
    proxies,
    accept: clients.accept,
    failed,
  });
  const c2sTls = await Listener.open({
    name: "c2s-tls",
    address,
    port: config.c2s.tlsPort,
    limits,
    proxies,
    accept: care.tls.before(clients.acceptTls),
    failed,
  });
  const federation = new Federation(core, config, certificates);
  await federation.settled();
  const components = await openComponents(core, config, throttle, limits, failed);
  const names = new Set(config.http.names);
  if (config.http.publicUrl !== null) names.add(new URL(config.http.publicUrl).hostname);
  const proxy = consoleProxy(consoleChild);
  // A Host header has the ASCII form of what the policy names in Unicode (RFC 7622 3.2).
  const isKnownHost = (name: string): boolean => core.hosts.get(domainToUnicode(name)) !== undefined || names.has(name);
  const http = new HttpFront({
    plain: config.http.plain,
    tlsOptions: () => certificates.serverOptions(undefined),
    wasEncrypted: (request) => wasEncrypted(request, trusted),
    isKnownHost,
    onError: (error, request) => log.for("http").error("a request failed", { url: request.url, error }),
    routes: [
      {
        prefix: "/api/v1",
        handle: (request, response) => {
          if (admin.handle(request, response) === false) refuse(response, 404, "There is nothing here.");
        },
        upgrade: (request, socket, head) => {
          if (!admin.upgrade(request, socket, head)) socket.destroy();
        },
      },
      ...accountPages(core, trusted, (user) => admin.endConsoleSessions(user)),
      ...clientRoutes(config, clients, limits, trusted),
      fileRoute(core),
      ...brandRoutes(core),
      ...metricsRoute(config, admin, trusted),
      care.http.route,
      ...(backups === null ? [] : [backupRoute(backups)]),
      ...(hasConsole ? [{ prefix: "/admin", handle: proxy }] : []),
      { prefix: "/", handle: (_request, response, path) => atRoot(response, path, hasConsole) },
    ],
  });
  const httpListener = await Listener.open({
    name: "http",
    address,
    port: config.http.port,
    limits: httpLimits,
    proxies: config.http.proxyProtocol ? trusted : null,
    accept: care.tls.before(http.accept),
    failed,
  });
  const challengePort = await openChallengePort(care, {
    address,
    port: config.http.challengePort,
    limits: httpLimits,
    isKnownHost,
    failed,
  });
  servePages(core, config, httpListener.port);
  await serveFiles(core, config, publicOrigin(config, httpListener.port));
  const control = await listenForControl(admin, config.data);
  listeners.push(
    { name: "c2s", address, port: c2s.port, tls: "starttls", error: null },
    { name: "c2s-tls", address, port: c2sTls.port, tls: "direct", error: null },
    { name: "http", address, port: httpListener.port, tls: "sniffed", error: null },
  );
  if (challengePort !== null)
    listeners.push({ name: "acme", address, port: challengePort.listener.port, tls: "none", error: null });
  if (components !== null) {
    const { name, address: where, port } = components.listener;
    listeners.push({ name, address: where, port, tls: "none", error: null });
  }
  const stopOrders = care.orders.start();
  const stopBackups = backups?.schedule.start();
  if (hasConsole) consoleChild.start();
  state = "ready";
  for (const { name, address: where, port } of listeners) log.info("listening", { name, address: where, port });
  announce(`http://${urlHost(address)}:${httpListener.port}`);

  function announce(origin: string): void {
    const token = admin.issueSetupToken();
    if (!hasConsole) log.info("ready, without a console", { api: `${origin}/api/v1/docs` });
    else if (token === null) log.info(`ready: ${origin}/admin/`);
    else log.info(`ready: there is no admin yet, make one at ${origin}/admin/setup?token=${token}`);
  }

  async function stop(end: () => void = () => process.exit(0)): Promise<void> {
    if (state === "stopping") return;
    state = "stopping";
    log.info("stopping");
    // Whatever hangs, the process is gone in time; everything acknowledged is on disk already.
    setTimeout(end, 9_000).unref();
    consoleChild.stop();
    consoleApi.close();
    stopHousekeeping();
    stopGivingBack();
    stopWatching?.();
    stopOrders();
    stopBackups?.();
    admin.stop();
    control.close();
    await Promise.all([
      c2s.close(),
      c2sTls.close(),
      httpListener.close(),
      clients.drain(),
      components?.close(),
      challengePort?.close(),
      federation.close(),
      forward.close(),

      http.close(1_000),
    ]);
    await announcementsOf(core).close();
    await loader.stop();
    await core.accounts.stop();
    certificates.close();
    await stores.close();
    log.info("stopped");
    end();
  }
  process.on("SIGTERM", () => void stop());
  process.on("SIGINT", () => void stop());
  process.on("SIGHUP", () => {
    output.reopen();
    certificates.reload().catch((error: unknown) => log.error("certificates were not read again", { error }));
  });
  // A fault that nobody caught: its stream is beyond help, the others are not. The process goes on (security: b1).
  process.on("uncaughtException", (error) =>
    log.error("an error was not caught", { error: error.stack ?? error.message }),
  );
  process.on("unhandledRejection", (error) =>
    log.error("a rejection was not caught", { error: error instanceof Error ? error.stack : String(error) }),
  );
}

/** The same program in the same process, so that whoever started it notices nothing. */
function startAnew(): void {
  const [node = process.execPath, ...args] = process.argv;
  process.execve!(node, [node, ...process.execArgv, ...args], process.env);
}

/** `/` leads to the console; nothing else is here. */
function atRoot(response: ServerResponse, path: string, hasConsole: boolean): void {
  if (path === "/" && hasConsole) response.writeHead(302, { location: "/admin/" }).end();
  else refuse(response, 404, "There is nothing here.");
}

const expected = [BootError, ConfigError, StoreError, SecretsError, CertificateError, ListenerError];

// Also imported, to be compiled ahead (scripts/compile-cache.mjs).
if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    // What somebody can put right is one sentence; anything else is a defect and shows where.
    const isExpected = expected.some((kind) => error instanceof kind);
    process.stderr.write(
      `nightpost: ${isExpected ? (error as Error).message : error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(error instanceof ConfigError ? 2 : 1);
  }
}
