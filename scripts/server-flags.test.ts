import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { serverEnv, serverFlags } from "./server-flags.mjs";

test.each(["bin/nightpost", "Dockerfile"])("%s starts the server with the same flags and environment", (file) => {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
  for (const flag of serverFlags) expect(text).toContain(flag);
  for (const [name, value] of Object.entries(serverEnv))
    expect(text).toMatch(new RegExp(`${name}=("\\$\\{${name}:-)?${value}\\b`));
});
