import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Store threads are started for each conformance test; compiling their sources was two thirds of the suite's time.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(new URL("node_modules/.cache/compile", import.meta.url));

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    include: ["bench", "server", "lib", "components", "scripts"].map((folder) => `${folder}/**/*.test.ts`),
    pool: "forks",
    // No module keeps state that a test could leave behind, so files share processes: half the time of one for each.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 20_000,
  },
});
