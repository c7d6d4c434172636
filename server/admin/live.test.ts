import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { LiveEvent, LiveFrame, LiveRequest } from "../../lib/contracts/events.ts";
import { permissions } from "../../lib/contracts/permissions.ts";
import { adminTestServer, boss, user, type AdminTestServer } from "./testing.ts";

let server: AdminTestServer;
const sockets: WebSocket[] = [];
beforeEach(async () => {
  server = await adminTestServer();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await server.stop();
});

type Ask = Partial<Extract<LiveRequest, { type: "subscribe" }>>;

/** A viewer that keeps every frame. */
class Viewer {
  readonly frames: LiveFrame[] = [];
  readonly socket: WebSocket;
  closeCode: number | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(headers: Record<string, string>) {
    this.socket = new WebSocket(server.origin.replace("http", "ws") + "/api/v1/live", {
      headers: { origin: server.origin, ...headers },
    });
    sockets.push(this.socket);
    this.socket.on("message", (data: Buffer) => {
      this.frames.push(...(JSON.parse(data.toString()) as LiveFrame[]));
      this.#wake();
    });
    this.socket.on("close", (code) => {
      this.closeCode = code;
      this.#wake();
    });
    this.socket.on("unexpected-response", (_request, response) => {
      this.closeCode = response.statusCode;
      this.#wake();
    });
    this.socket.on("error", () => undefined);
  }

  static async open(headers: Record<string, string>): Promise<Viewer> {
    const viewer = new Viewer(headers);
    await viewer.until(() => viewer.frames.some(({ type }) => type === "hello"));
    return viewer;
  }

  ask(topic: string, more: Ask = {}): void {
    this.socket.send(JSON.stringify({ type: "subscribe", topic, ...more }));
  }

  get events(): LiveEvent[] {
    return this.frames.flatMap((frame) => (frame.type === "event" ? frame.event : []));
  }

  get ids(): number[] {
    return this.events.map(({ id }) => id);
  }

  frame<T extends LiveFrame["type"]>(type: T): Extract<LiveFrame, { type: T }> | undefined {
    return this.frames.find((frame): frame is Extract<LiveFrame, { type: T }> => frame.type === type);
  }

  until(fact: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!fact()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}

async function happen(count: number, object = ""): Promise<void> {
  const row = {
    at: 0,
    actor: "x",
    address: "",
    action: "test",
    object,
    result: "done",
    detail: null,
    requestId: "",
    means: null,
  } as const;
  await Promise.all(Array.from({ length: count }, () => server.stores.admin.audit(row)));
}

const upTo = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("a feed", () => {
  test("from a cursor on: first what is kept, then what comes", async () => {
    await happen(1_200);
    const viewer = await Viewer.open(await server.signIn(boss));
    viewer.ask("audit", { since: 100 });
    await viewer.until(() => viewer.ids.at(-1) === 1_200);
    expect(viewer.frame("subscribed")).toEqual({ type: "subscribed", topic: "audit", head: 1_200, oldest: 1 });
    await happen(3);
    await viewer.until(() => viewer.ids.at(-1) === 1_203);
    expect(viewer.ids).toEqual(upTo(101, 1_203));
  });

  test("without a cursor: from now on", async () => {
    await happen(5);
    const viewer = await Viewer.open(await server.signIn(boss));
    viewer.ask("audit");
    await viewer.until(() => viewer.frame("subscribed") !== undefined);
    await happen(2);
    await viewer.until(() => viewer.ids.length >= 2);
    expect(viewer.ids).toEqual([6, 7]);
  });

  test("every event once, however often the connection breaks", async () => {
    const as = await server.signIn(boss);
    const total = 3_000;
    const seen: number[] = [];
    const writing = (async () => {
      for (let done = 0; done < total; done += 50) {
        await happen(50);
        await new Promise(setImmediate);
      }
    })();
    let connections = 0;
    while (seen.length < total) {
      const viewer = await Viewer.open(as);
      connections += 1;
      const wanted = seen.length + ((connections * 977) % 700) + 1;
      viewer.ask("audit", { since: seen.length });
      await viewer.until(() => seen.length + viewer.ids.length >= Math.min(wanted, total));
      seen.push(...viewer.ids);
      viewer.socket.terminate();
    }
    await writing;
    expect(seen).toEqual(upTo(1, total));
    expect(connections).toBeGreaterThan(3);
  });

  test("a viewer that does not read is told exactly what it missed", async () => {
    const viewer = await Viewer.open(await server.signIn(boss));
    viewer.ask("audit", { since: 0 });
    await viewer.until(() => viewer.frame("subscribed") !== undefined);
    viewer.socket.pause();
    const total = 12_000;
    for (let done = 0; done < total; done += 1_000) await happen(1_000, "x".repeat(1_000));
    viewer.socket.resume();
    await happen(1);
    await viewer.until(
      () =>
        viewer.ids.at(-1) === total + 1 ||
        viewer.frames.some((frame) => frame.type === "gap" && frame.to === total + 1),
    );
    const covered = viewer.frames.flatMap((frame) => {
      if (frame.type === "event") return [frame.event.id];
      return frame.type === "gap" ? upTo(frame.from, frame.to) : [];
    });
    expect(viewer.frames.some(({ type }) => type === "gap")).toBe(true);
    expect(covered).toEqual(upTo(1, total + 1));
  });

  describe("that is busy", () => {
    const total = 4_000;
    const flood = async (): Promise<void> => {
      for (let done = 0; done < total; done += 500) await happen(500);
    };
    const sampled = ({ frames }: Viewer) => frames.filter((frame) => frame.type === "sampled");

    test("is sampled for whoever asked for that, with exact counts, until it is calm", async () => {
      const viewer = await Viewer.open(await server.signIn(boss));
      viewer.ask("audit", { sample: true });
      await viewer.until(() => viewer.frame("subscribed") !== undefined);
      await flood();
      await viewer.until(() => sampled(viewer).at(-1)?.oneIn === 1);
      const ranges = sampled(viewer);
      const begun = ranges[0]!;
      expect(begun).toMatchObject({ topic: "audit", to: begun.from - 1, events: 0, shown: 0 });
      // From where sampling began, ranges follow each other without a hole, and count every row.
      for (const [index, range] of ranges.entries()) if (index > 0) expect(range.from).toBe(ranges[index - 1]!.to + 1);
      const inRanges = total - begun.to;
      expect(ranges.reduce((sum, { events }) => sum + events, 0)).toBe(inRanges);
      expect(ranges.reduce((sum, { outcomes }) => sum + (outcomes["done"] ?? 0), 0)).toBe(inRanges);
      const shown = ranges.reduce((sum, range) => sum + range.shown, 0);
      expect(shown).toBeLessThan(inRanges / 2);
      expect(viewer.ids).toHaveLength(begun.to + shown);
      expect(viewer.ids.slice(0, begun.to)).toEqual(upTo(1, begun.to));

      // What was left out is still there, and what comes now is shown.
      await happen(2);
      await viewer.until(() => viewer.ids.includes(total + 2));
      viewer.frames.splice(0);
      viewer.ask("audit", { since: begun.to });
      await viewer.until(() => viewer.ids.at(-1) === total + 2);
      expect(viewer.ids).toEqual(upTo(begun.from, total + 2));
    });

    test("is told over a link that takes nothing for a while in counts, which leave no row out", async () => {
      const viewer = await Viewer.open(await server.signIn(boss));
      viewer.ask("audit", { sample: true });
      await viewer.until(() => viewer.frame("subscribed") !== undefined);
      viewer.socket.pause();
      const rows = 12_000;
      for (let done = 0; done < rows; done += 1_000) await happen(1_000, "x".repeat(1_000));
      viewer.socket.resume();
      await viewer.until(() => sampled(viewer).at(-1)?.oneIn === 1);
      const ranges = sampled(viewer);
      const gaps = viewer.frames.flatMap((frame) => (frame.type === "gap" ? frame.to - frame.from + 1 : 0));
      const counted = [...ranges.map(({ events }) => events), ...gaps].reduce((sum, count) => sum + count, 0);
      expect(ranges[0]!.to + counted).toBe(rows);
      expect(viewer.ids.length).toBeLessThan(rows / 2);
    });

    test("is told in full to whoever did not", async () => {
      const viewer = await Viewer.open(await server.signIn(boss));
      viewer.ask("audit");
      await viewer.until(() => viewer.frame("subscribed") !== undefined);
      await flood();
      await viewer.until(() => viewer.ids.at(-1) === total);
      expect(viewer.ids).toEqual(upTo(1, total));
      expect(sampled(viewer)).toEqual([]);
    });
  });

  test("without rows it counts", async () => {
    const viewer = await Viewer.open(await server.signIn(boss));
    viewer.ask("audit", { rows: false });
    await viewer.until(() => viewer.frame("subscribed") !== undefined);
    await happen(7);
    await viewer.until(() => viewer.frame("counters") !== undefined);
    expect(viewer.frame("counters")).toMatchObject({ head: 7, events: 7, failed: 0 });
    expect(viewer.ids).toEqual([]);
  });

  test("a cursor of another store is reset", async () => {
    await happen(3);
    const viewer = await Viewer.open(await server.signIn(boss));
    viewer.ask("audit", { since: 99 });
    await viewer.until(() => viewer.frame("reset") !== undefined);
    await happen(1);
    await viewer.until(() => viewer.ids.length > 0);
    expect(viewer.ids).toEqual([4]);
  });

  test("whoever is held to a host sees that host", async () => {
    const viewer = await Viewer.open(await server.key(permissions, { hosts: ["b.example"] }));
    viewer.ask("registration");
    await viewer.until(() => viewer.frame("subscribed") !== undefined);
    const decision = {
      at: 0,
      jid: "x",
      address: "::1",
      source: "in-band",
      allowed: false,
      code: "closed",
      line: "",
      retryAfterSeconds: null,
    } as const;
    for (const host of ["a.example", "b.example"]) await server.stores.registrations.append({ ...decision, host });
    await viewer.until(() => viewer.events.length > 0);
    expect(viewer.events).toMatchObject([{ data: { host: "b.example", verdict: { code: "closed" } } }]);
    viewer.ask("audit");
    await viewer.until(() => viewer.frame("error") !== undefined);
  });
});

describe("who may look", () => {
  test.each([
    ["nobody", async () => ({}), 401],
    ["another site", async () => ({ ...(await server.signIn(boss)), origin: "https://evil.example" }), 403],
    ["a key that is none", async () => ({ authorization: "Bearer np_nonsense-nonsense-nonsense" }), 401],
  ])("%s is refused", async (_name, headers, status) => {
    const viewer = new Viewer(await headers());
    await viewer.until(() => viewer.closeCode !== undefined);
    expect(viewer.closeCode).toBe(status);
  });

  test("a topic needs its permission", async () => {
    const viewer = await Viewer.open(await server.key(["forward:read"]));
    viewer.ask("forward");
    viewer.ask("stanzas");
    await viewer.until(() => viewer.frame("error") !== undefined && viewer.frame("subscribed") !== undefined);
    expect(viewer.frame("error")?.message).toContain("stanzas:inspect");
    expect(viewer.frame("subscribed")?.topic).toBe("forward");
  });

  test("a session that is revoked ends its viewers", async () => {
    const as = await server.signIn(boss);
    const viewer = await Viewer.open(as);
    await server.ask("POST", "/api/v1/auth/logout", { as, body: {} });
    await viewer.until(() => viewer.closeCode !== undefined);
    expect(viewer.closeCode).toBe(4401);
  });

  test("what is not a request is answered, a flood of it is not", async () => {
    const viewer = await Viewer.open(await server.signIn(boss));
    viewer.socket.send("{");
    await viewer.until(() => viewer.frame("error") !== undefined);
    for (let sent = 0; sent < 100; sent += 1) viewer.socket.send('{"type":"ping"}');
    await viewer.until(() => viewer.closeCode !== undefined);
    expect(viewer.closeCode).toBe(4429);
  });
});

describe("what has no history", () => {
  test("changes name the list to read again", async () => {
    const as = await server.signIn(boss);
    const viewer = await Viewer.open(as);
    viewer.ask("changed");
    await viewer.until(() => viewer.frame("subscribed") !== undefined);
    await server.connect(`${user}/phone`);
    await server.ask("POST", "/api/v1/hosts", { as, body: { host: "c.example" } });
    await viewer.until(
      () => new Set(viewer.events.flatMap((event) => (event.topic === "changed" ? event.data.resource : []))).size >= 3,
    );
    expect(viewer.events).toContainEqual({
      topic: "changed",
      id: 0,
      data: { resource: "sessions", key: user, by: null },
    });
    expect(viewer.events).toContainEqual({ topic: "changed", id: 0, data: { resource: "hosts", key: null, by: boss } });
  });

  test("the log and the figures", async () => {
    const viewer = await Viewer.open(await server.signIn(boss));
    viewer.ask("log");
    viewer.ask("overview");
    await viewer.until(() => viewer.events.some(({ topic }) => topic === "overview"));
    server.core.log.warn("something", { host: "a.example" });
    await viewer.until(() => viewer.events.some(({ topic }) => topic === "log"));
    expect(viewer.events.find(({ topic }) => topic === "log")?.data).toMatchObject({
      message: "something",
      level: "warn",
    });
  });
});

describe("the log", () => {
  const complain = (from: number, to: number): void => {
    for (let index = from; index <= to; index += 1)
      server.core.log.for("router").warn(`${index}`, { host: "a.example" });
  };

  test("from a cursor on, what is in memory; from a cursor of an earlier run, anew", async () => {
    const before = server.core.logBook.head;
    complain(1, 700);
    const viewer = await Viewer.open(await server.signIn(boss));
    viewer.ask("log", { since: before });
    await viewer.until(() => viewer.ids.at(-1) === before + 700);
    complain(701, 702);
    await viewer.until(() => viewer.ids.at(-1) === before + 702);
    expect(viewer.ids).toEqual(upTo(before + 1, before + 702));
    viewer.ask("log", { since: 5 });
    await viewer.until(() => viewer.frame("reset") !== undefined);
  });

  test("only what the filter lets through", async () => {
    const viewer = await Viewer.open(await server.signIn(boss));
    viewer.ask("log", { log: { level: "error", module: "router", host: "a.example", search: "BROKE" } });
    await viewer.until(() => viewer.frame("subscribed") !== undefined);
    complain(1, 3);
    server.core.log.for("muc").error("broke", { host: "a.example" });
    server.core.log.for("router").error("broke", { host: "b.example" });
    server.core.log.for("router").error("held", { host: "a.example" });
    server.core.log.for("router").error("it", { host: "a.example", reason: "broke" });
    await viewer.until(() => viewer.events.length > 0);
    expect(viewer.events).toMatchObject([{ data: { message: "it" } }]);
  });
});

test("a role that is taken ends what its holder followed, within two seconds, and tells their console", async () => {
  const as = await server.signIn(boss);
  const members = "/api/v1/roles/auditor/members";
  expect((await server.ask("POST", members, { as, body: { jid: user } })).status).toBe(200);
  const viewer = await Viewer.open(await server.signIn(user));
  viewer.ask("audit");
  viewer.ask("changed");
  await viewer.until(() => viewer.frame("subscribed") !== undefined);
  const start = performance.now();
  await server.ask("DELETE", `${members}/${user}`, { as });
  await viewer.until(
    () => viewer.frame("error") !== undefined && viewer.events.some(({ topic }) => topic === "changed"),
  );
  expect(performance.now() - start).toBeLessThan(2_000);
  expect(viewer.frame("error")!.message).toBe("The topic audit needs the permission audit:read.");
});
