import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../core/testing.ts";
import { externalServices } from "./external-services.ts";

const ns = "urn:xmpp:extdisco:2";
const secret = "a secret that coturn knows, too";
const stun = { type: "stun", host: "stun.example", port: 3478, transport: "udp" };
const turn = { type: "turn", host: "turn.example", port: 3479, transport: "tcp" };

let folder: string;
let server: TestServer;
let romeo: TestClient;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nightpost-turn-"));
  writeFileSync(join(folder, "secret"), `${secret}\n`);
  writeFileSync(join(folder, "short"), "short\n");
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => server.stop());

async function start(options: Record<string, unknown>): Promise<void> {
  server = await testServer({
    modules: [externalServices],
    accounts: ["romeo@montague.example", "juliet@capulet.example"],
    policy(draft) {
      draft.hosts["montague.example"]!.modules["external-services"] = { enabled: true, options };
    },
  });
  romeo = await server.connect("romeo@montague.example/orchard");
}

const ask = (payload: string): string => `<iq type='get' id='s' to='montague.example'>${payload}</iq>`;
async function condition(client: TestClient, payload: string): Promise<string | undefined> {
  client.send(ask(payload));
  const [answer] = await client.sync();
  return answer!.child("error")?.elements()[0]?.name;
}

describe("with a secret", () => {
  const services = `<services xmlns='${ns}'/>`;

  test("TURN comes with credentials that the relay can check", async () => {
    await start({ services: [stun, turn], turn_secret_file: join(folder, "secret"), credentials_seconds: 600 });
    romeo.send(ask(services));
    const [answer] = await romeo.sync();
    const [first, second] = answer!.payload!.elements("service");
    expect(Object.fromEntries(first!.attrs)).toEqual({ ...stun, port: "3478" });
    const { username = "", password, expires, ...rest } = Object.fromEntries(second!.attrs);
    expect(rest).toEqual({ ...turn, port: "3479", restricted: "true" });
    const until = Math.floor(server.clock.now() / 1000) + 600;
    expect(username).toMatch(new RegExp(`^${until}:[\\w-]{16}$`));
    expect(username).not.toContain("romeo");
    expect(password).toBe(createHmac("sha1", secret).update(username).digest("base64"));
    expect(Date.parse(expires!)).toBe(until * 1000);
    expect(server.complaints).toEqual([]);
  });

  test("one kind, and one server's credentials, can be asked for", async () => {
    await start({ services: [stun, turn], turn_secret_file: join(folder, "secret") });
    romeo.send(ask(`<services xmlns='${ns}' type='stun'/>`));
    const [stuns] = await romeo.sync();
    expect(stuns!.payload!.elements("service").map((one) => one.attr("host"))).toEqual(["stun.example"]);
    romeo.send(ask(`<credentials xmlns='${ns}'><service host='turn.example' type='turn'/></credentials>`));
    const [given] = await romeo.sync();
    expect(given!.payload!.elements("service")[0]!.attr("password")).toBeDefined();
    for (const [service, expected] of [
      ["<service host='turn.example' type='turn' port='1'/>", "item-not-found"],
      ["<service host='other.example' type='turn'/>", "item-not-found"],
      ["<service host='turn.example'/>", "bad-request"],
      ["", "bad-request"],
    ]) {
      expect(await condition(romeo, `<credentials xmlns='${ns}'>${service}</credentials>`)).toBe(expected);
    }
  });

  test("nobody of another host gets any", async () => {
    await start({ services: [turn], turn_secret_file: join(folder, "secret") });
    const juliet = await server.connect("juliet@capulet.example/balcony");
    expect(await condition(juliet, services)).toBe("forbidden");
    const credentials = `<credentials xmlns='${ns}'><service host='turn.example' type='turn'/></credentials>`;
    expect(await condition(juliet, credentials)).toBe("forbidden");
  });
});

test("without a secret there are no credentials", async () => {
  await start({ services: [turn] });
  romeo.send(ask(`<services xmlns='${ns}'/>`));
  const [answer] = await romeo.sync();
  expect(Object.fromEntries(answer!.payload!.elements("service")[0]!.attrs)).toEqual({ ...turn, port: "3479" });
});

test("without services there is nothing", async () => {
  await start({});
  expect(await condition(romeo, `<services xmlns='${ns}'/>`)).toBe("service-unavailable");
  expect(server.core.hosts.get("montague.example")!.features("host")).not.toContain(ns);
});

test.each(["missing", "short"])("a secret that is %s keeps the module from starting, and is not told", async (file) => {
  const options = { services: [turn], turn_secret_file: join(folder, file) };
  await expect(start(options)).rejects.toThrow(/turn_secret_file (?:cannot be read: ENOENT|has less than 16)/);
  await start({});
});
