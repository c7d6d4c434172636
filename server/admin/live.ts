import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Resource, Topic } from "../../lib/contracts/events.ts";
import { hostsFor } from "../../lib/contracts/may.ts";
import type { FeedName, FeedRow } from "../storage/ports.ts";
import { isSameOrigin } from "./actor.ts";
import { local, nobody, type Caller } from "./caller.ts";
import type { Change } from "./events.ts";
import { addressOf, type Way } from "./http.ts";
import { refusal, resourcePermission } from "./live-access.ts";
import { type Feed, LiveFeed, liveRow, type LiveRow } from "./live-feed.ts";
import { LiveSources } from "./live-sources.ts";
import { Viewer, type Stage } from "./live-viewer.ts";
import { LogFeed } from "./log-feed.ts";
import type { Admin } from "./parts.ts";
import { timestamp } from "./timestamp.ts";

export const livePath = "/api/v1/live";

const beatMs = 30_000;
const maxViewers = 256;
const maxPayload = 64 * 1024;

// Changes after which somebody may no longer be who they were.
const grants: ReadonlySet<Resource> = new Set<Resource>(["console-sessions", "keys", "policy", "users"]);

/** The live stream: `GET /api/v1/live` as a WebSocket, protocol in lib/contracts/events.ts. */
export class Live {
  readonly #admin: Admin;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload,
    perMessageDeflate: false,
  });
  readonly #viewers = new Set<Viewer>();
  readonly #feeds: ReadonlyMap<Topic, LiveFeed>;
  readonly #log: Feed;
  readonly #sources: LiveSources;
  readonly #undo: () => void;
  /** Set while somebody follows a feed. */
  #leaveFeeds: (() => void) | null = null;
  #beat: NodeJS.Timeout | null = null;

  constructor(admin: Admin) {
    const { core, events } = admin;
    this.#admin = admin;
    const names: readonly FeedName[] = ["forward", "registration", "audit"];
    this.#feeds = new Map(names.map((name) => [name, new LiveFeed(name, core.stores.admin)]));
    this.#log = new LogFeed(core.logBook);
    this.#sources = new LiveSources(admin, (topic, row) => this.#publish(topic, row));
    admin.watches.listen({
      row: (record) => this.#publish("stanzas", liveRow({ topic: "stanzas", id: 0, data: record })),
      ended: (watch) => {
        for (const viewer of this.#viewers) if (viewer.watch === watch) viewer.endWatch();
      },
    });
    this.#undo = events.subscribe((change) => this.#changed(change));
  }

  /** Takes over an upgrade request to the live path; false when it is for another one. */
  upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer, way: Way = "http"): boolean => {
    if (request.url?.split("?")[0] !== livePath) return false;
    this.#accept(request, socket, head, way).catch(() => refuse(socket, "500 Internal Server Error"));
    return true;
  };

  get viewers(): number {
    return this.#viewers.size;
  }

  stop(): void {
    this.#undo();
    this.#leaveFeeds?.();
    this.#sources.stop();
    for (const viewer of this.#viewers) viewer.close(1001, "the server is stopping");
    if (this.#beat !== null) clearInterval(this.#beat);
  }

  async #accept(request: IncomingMessage, socket: Duplex, head: Buffer, way: Way): Promise<void> {
    const isBrowser = request.headers.authorization === undefined && way === "http";
    if (isBrowser && !isSameOrigin(request.headers)) return refuse(socket, "403 Forbidden");
    if (this.#viewers.size >= maxViewers) return refuse(socket, "503 Service Unavailable");
    const address = addressOf(request, way);
    const identify = async (): Promise<Caller> =>
      way === "control" ? local : this.#admin.callers.identify(request.headers, address);
    const caller = await identify();
    if (caller.kind === nobody.kind) return refuse(socket, "401 Unauthorized");
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#open(webSocket, caller, identify));
  }

  #open(socket: WebSocket, caller: Caller, identify: () => Promise<Caller>): void {
    const stage: Stage = {
      identify,
      refusal,
      feed: (topic) => (topic === "log" ? this.#log : (this.#feeds.get(topic) ?? null)),
      isWatch: (watch, { name }) => watch !== undefined && this.#admin.watches.ownerOf(watch) === name,
      changed: () => this.#follow(),
    };
    const viewer = new Viewer(socket, caller, stage);
    this.#viewers.add(viewer);
    this.#beat ??= setInterval(() => this.#beatAll(), beatMs).unref();
    socket.on("close", () => this.#closed(viewer));
    // An error is always followed by `close`.
    socket.on("error", () => undefined);
    const { version, metrics } = this.#admin.core;
    viewer.tell({ type: "hello", version, startedAt: timestamp(metrics.startedAt) });
  }

  #closed(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    viewer.closed();
    this.#follow();
    if (this.#viewers.size > 0 || this.#beat === null) return;
    clearInterval(this.#beat);
    this.#beat = null;
  }

  #beatAll(): void {
    for (const viewer of this.#viewers) viewer.beat();
  }

  /** Nothing is made that nobody follows: neither events here nor rows in the store. */
  #follow(): void {
    this.#sources.follow((topic) => this.#isFollowed(topic));
    this.#admin.watches.follow(new Set(Array.from(this.#viewers, ({ watch }) => watch ?? "")));
    const isFollowed = this.#feeds.keys().some((topic) => this.#isFollowed(topic));
    if (isFollowed) {
      this.#leaveFeeds ??= this.#admin.core.stores.onFeed((rows) => this.#committed(rows));
    } else if (this.#leaveFeeds !== null) {
      this.#leaveFeeds();
      this.#leaveFeeds = null;
      for (const feed of this.#feeds.values()) feed.forget();
    }
  }

  #isFollowed(topic: Topic): boolean {
    for (const viewer of this.#viewers) if (viewer.follows(topic)) return true;
    return false;
  }

  #committed(rows: readonly FeedRow[]): void {
    for (const [name, own] of Map.groupBy(rows, (row) => row.feed)) {
      const added = this.#feeds.get(name)!.add(own);
      for (const viewer of this.#viewers) viewer.take(name, added);
    }
  }

  #publish(topic: Topic, row: LiveRow): void {
    for (const viewer of this.#viewers) viewer.take(topic, [row]);
  }

  #changed(change: Change): void {
    if (grants.has(change.resource)) for (const viewer of this.#viewers) viewer.recheck();
    const { resource, key, by } = change;
    const full = [liveRow({ topic: "changed", id: 0, data: { resource, key, by } })];
    // Keys name accounts of any host.
    const bare = [liveRow({ topic: "changed", id: 0, data: { resource, key: null, by: null } })];
    const needed = resourcePermission[resource];
    for (const viewer of this.#viewers) {
      const hosts = needed === null ? viewer.caller.hosts : hostsFor(viewer.caller.grants, needed);
      if (needed === null || hosts === null || hosts.length > 0) viewer.take("changed", hosts === null ? full : bare);
    }
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
