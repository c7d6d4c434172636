import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { routesText } from "../../scripts/routes-text.ts";

test("the console knows the routes of the contract: `node scripts/write-routes.ts` writes them", () => {
  expect(readFileSync(new URL("routes.ts", import.meta.url), "utf8")).toBe(routesText());
});
