// `npm start`: set-up, console build when it is stale, then the server in the foreground on the pinned runtime.
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { pinnedNode, root, setup } from "./setup.mjs";

setup();

const wantsConsole = process.env.NIGHTPOST_CONSOLE !== "off";
if (wantsConsole) {
  const { isConsoleStale } = await import("./console-paths.mjs");
  if (isConsoleStale()) {
    console.error("Building the console (once, about a minute) …");
    // What the builder says is for whoever works on the console: a newcomer's next line is the server's, unless it fails.
    const built = spawnSync(pinnedNode, [join(root, "scripts", "build-console.mjs")], { cwd: root, encoding: "utf8" });
    if (built.status !== 0) {
      process.stderr.write(`${built.stdout}${built.stderr}`);
      process.exit(built.status ?? 1);
    }
  }
}

const { compileCache, fillCompileCache } = await import("./compile-cache.mjs");
const { serverEnv, serverFlags } = await import("./server-flags.mjs");
fillCompileCache();

const server = spawn(pinnedNode, [...serverFlags, join(root, "server", "main.ts"), ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...serverEnv, ...process.env, NODE_COMPILE_CACHE: compileCache },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => server.kill(signal));
server.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
