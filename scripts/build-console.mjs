import { spawn } from "node:child_process";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
// Writes what the console has to know of the API, before its sources are hashed.
import "./write-routes.ts";
import { consoleEntry, consoleStamp, hashConsoleSources, root } from "./console-paths.mjs";
import { writeManual } from "./manual.mjs";

// The hash is taken first: a source that changes during the build makes the result stale, not silently old.
const hash = hashConsoleSources();
rmSync(consoleStamp, { force: true });

const next = join(root, "node_modules/next/dist/bin/next");
const build = spawn(process.execPath, [next, "build"], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
});

build.on("exit", (code, signal) => {
  if (code !== 0) {
    console.error(`console: the build failed (${signal ?? `exit code ${code}`})`);
    process.exit(1);
  }
  // Next leaves the static files out of the standalone folder.
  const standalone = join(consoleEntry, "..");
  cpSync(join(root, ".next/static"), join(standalone, ".next/static"), { recursive: true });
  cpSync(join(root, "public"), join(standalone, "public"), { recursive: true });
  writeManual(join(standalone, "public/manual"));
  writeFileSync(consoleStamp, `${hash}\n`);
});
