import { afterEach, beforeEach, expect, test } from "vitest";
import { adminTestServer, boss, type AdminTestServer, warden } from "./testing.ts";

let server: AdminTestServer;
beforeEach(async () => {
  server = await adminTestServer();
});
afterEach(() => server.stop());

test("whoever began a job finds it among their own, newest first, and nobody else's", async () => {
  const as = await server.signIn(boss);
  const key = await server.key(["users:write", "sessions:write"]);
  const users = ["ann", "bea"].map((local) => ({ local, host: "b.example", password: "a long password" }));
  await server.ask("POST", "/api/v1/users/import", { as: key, body: { users } });
  const own = async (who: Record<string, string>) =>
    (await server.ask("GET", "/api/v1/jobs", { as: who })).body["items"] as Record<string, unknown>[];
  expect(await own(as)).toEqual([]);

  await server.ask("POST", "/api/v1/users/jobs", { as, body: { host: "b.example", action: "suspend", reason: "" } });
  await expect.poll(async () => (await own(as))[0]?.["state"]).toBe("done");
  expect(await own(as)).toMatchObject([{ kind: "users", matching: 2, done: 2, failed: 0 }]);
  expect((await own(as))[0]).not.toHaveProperty("failures");
  expect(await own(await server.signIn(warden))).toEqual([]);
});
