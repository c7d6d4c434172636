import { expect, test } from "vitest";
import { Config } from "../config/schema.ts";
import { testServer } from "../core/testing.ts";
import { makeInvite } from "../features/testing-invitations.ts";
import { servePages } from "./account-pages.ts";

test.each<[string, string | null, number, string]>([
  ["capulet.lit", null, 5280, "https://capulet.lit:5280"],
  ["capulet.lit", null, 443, "https://capulet.lit"],
  ["capulet.lit", "https://chat.example.org", 5280, "https://chat.example.org"],
  ["capulet.lit", "https://example.org/chat/", 5280, "https://example.org/chat"],
  ["[::1]", null, 5280, "https://[::1]:5280"],
  ["münchen.example", null, 5280, "https://xn--mnchen-3ya.example:5280"],
])("links for %s with the public URL %s and port %i lead to %s", async (host, publicUrl, port, origin) => {
  const server = await testServer({ modules: [], hosts: [host] });
  servePages(server.core, Config.parse({ http: { publicUrl } }), port);
  const made = await makeInvite(server.core, { host });
  expect(made.links.url).toBe(`${origin}/invite/${made.token}`);
  await server.stop();
});
