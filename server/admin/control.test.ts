import { mkdtemp, rm, stat } from "node:fs/promises";
import { request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { controlSocketName, listenForControl } from "./control.ts";
import { adminTestServer, type AdminTestServer } from "./testing.ts";

let server: AdminTestServer;
let directory: string;
let control: Server;
beforeEach(async () => {
  server = await adminTestServer();
  directory = await mkdtemp(join(tmpdir(), "nightpost-"));
  control = await listenForControl(server.api, directory);
});
afterEach(async () => {
  control.close();
  await server.stop();
  await rm(directory, { recursive: true });
});

const ask = (method: string, path: string, body?: unknown): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const socketPath = join(directory, controlSocketName);
    const sent = request({ socketPath, method, path: `/api/v1${path}`, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve(JSON.parse(text)));
    });
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });

test("only the owner may open the socket, and may then do everything", async () => {
  const { mode } = await stat(join(directory, controlSocketName));
  expect(mode & 0o777).toBe(0o600);
  expect(await ask("GET", "/auth/me")).toMatchObject({ kind: "local", hosts: null });
  const user = { local: "cli", host: "a.example", password: "correct horse" };
  expect(await ask("POST", "/users", user)).toMatchObject({ jid: "cli@a.example", createdVia: "cli" });
  const [row] = (await server.stores.admin.auditList({}, { limit: 1 })).items;
  expect(row).toMatchObject({ actor: "control socket", address: "local", object: "cli@a.example" });
  expect(await ask("POST", "/stop", {})).toEqual({ ok: true });
});

test("a socket that a dead process left behind is replaced", async () => {
  const again = await listenForControl(server.api, directory);
  expect(await ask("GET", "/status")).toMatchObject({ status: "ready", needsSetup: false });
  again.close();
});
