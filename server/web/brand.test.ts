import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { testServer, type TestServer } from "../core/testing.ts";
import { brandSheetText } from "../features/brand.ts";
import { brandRoutes } from "./brand.ts";

const [light, dark] = ["a".repeat(64), "b".repeat(64)];
let server: TestServer;
let http: Server;
let origin: string;

beforeEach(async () => {
  server = await testServer({ modules: [], hosts: ["capulet.lit"] });
  const [sheet, logos] = brandRoutes(server.core);
  http = createServer((request, response) => {
    const path = request.url ?? "/";
    void (path === "/brand.css" ? sheet : logos)?.handle(request, response, path);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(async () => {
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
  await server.stop();
});

async function brand(change: object): Promise<void> {
  await server.core.policy.change({ author: "x", comment: "", audit: null, force: true }, (draft) => {
    Object.assign(draft.console.brand, change);
  });
}
const image = (id: string) => ({ id, type: "image/png", width: 60, height: 20, data: "AAEC", createdAt: 1 });
const sheetText = async (): Promise<string> => (await fetch(`${origin}/brand.css`)).text();

test("the sheet is empty until there is a brand, and is only sent again when it has changed", async () => {
  const first = await fetch(`${origin}/brand.css`);
  expect(first.headers.get("content-type")).toBe("text/css; charset=utf-8");
  expect(await first.text()).toBe("");
  const ask = () => fetch(`${origin}/brand.css`, { headers: { "if-none-match": first.headers.get("etag")! } });
  expect((await ask()).status).toBe(304);
  await brand({ accent: "#1d4ed8" });
  const changed = await ask();
  expect(changed.status).toBe(200);
  expect(await changed.text()).toContain("--accent: #1d4ed8;");
});

test("a colour is told for each theme, readable in each", async () => {
  await brand({ accent: "#ffe600" });
  const text = await sheetText();
  const [, usual, inDark] = /^:root:root \{([^}]*)\}\s*:root\[data-theme="dark"\] \{([^}]*)\}/.exec(text) ?? [];
  expect(usual).not.toContain("--accent: #ffe600");
  expect(inDark).toContain("--accent: #ffe600");
  expect(text).toContain("@media (prefers-color-scheme: dark)");
});

test("a logo is there for both themes, one of its own for the dark one, and none that is not kept", async () => {
  await brand({ logo: { light: "c".repeat(64), dark: "" } });
  expect(await sheetText()).toBe("");
  await server.core.stores.images.put(image(light), 4, []);
  await brand({ logo: { light, dark: "" } });
  expect(await sheetText()).toContain(`--logo-image: url("/brand/${light}");\n  --logo-ratio: 3.0000;`);
  expect(await sheetText()).not.toContain("data-theme");
  await server.core.stores.images.put(image(dark), 4, [light]);
  await brand({ logo: { light, dark } });
  expect(await sheetText()).toMatch(new RegExp(`data-theme="dark"\\] \\{[^}]*${dark}`));
});

test("the store is asked once for a brand, however many ask, and again after it failed", async () => {
  await server.core.stores.images.put(image(light), 4, []);
  await brand({ logo: { light, dark: "" } });
  const find = vi.spyOn(server.core.stores.images, "find").mockRejectedValueOnce(new Error("not now"));
  await expect(brandSheetText(server.core)).rejects.toThrow("not now");
  const texts = await Promise.all(Array.from({ length: 20 }, sheetText));
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toContain(light);
  expect(find).toHaveBeenCalledTimes(2);
});

test("a logo is served as what it is, for good, and nothing else is", async () => {
  await server.core.stores.images.put(image(light), 4, []);
  const found = await fetch(`${origin}/brand/${light}`);
  expect([...new Uint8Array(await found.arrayBuffer())]).toEqual([0, 1, 2]);
  expect(Object.fromEntries(found.headers)).toMatchObject({
    "content-type": "image/png",
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
  });
  for (const path of [`/brand/${dark}`, "/brand/..%2fstore.db", "/brand/"])
    expect((await fetch(origin + path)).status).toBe(404);
  expect((await fetch(`${origin}/brand/${light}`, { method: "POST" })).status).toBe(405);
});
