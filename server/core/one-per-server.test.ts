import { expect, test } from "vitest";
import { onePerServer } from "./one-per-server.ts";
import { testServer } from "./testing.ts";

test("there is one for each server, made for the first who asks", async () => {
  const made: object[] = [];
  const partOf = onePerServer(({ version }) => {
    const part = { version };
    made.push(part);
    return part;
  });
  const servers = [await testServer({ modules: [] }), await testServer({ modules: [] })];
  expect(made).toEqual([]);
  const parts = servers.flatMap(({ core }) => [partOf(core), partOf(core)]);
  expect(made).toHaveLength(2);
  expect(parts.map((part) => made.indexOf(part))).toEqual([0, 0, 1, 1]);
  await Promise.all(servers.map((server) => server.stop()));
});
