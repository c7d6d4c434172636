import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TestServer } from "../e2e/support/server.ts";
import { residentBytes } from "./counters.ts";
import { domain, localPart } from "./session.ts";

// How long `nightpost import users` takes for 100,000 accounts, each with a password of its own, and once more when all exist.
const count = 100_000;
const cli = fileURLToPath(new URL("../server/cli/main.ts", import.meta.url));

const server = await TestServer.start();
try {
  const file = join(server.data, "users.csv");
  writeFileSync(
    file,
    Array.from({ length: count }, (_, index) => `${localPart(index)},${domain},secret-${index}\n`).join(""),
  );
  for (const what of ["created", "left alone"]) {
    const begin = performance.now();
    const child = spawn(process.execPath, [cli, "import", "users", file, "--data", server.data], { stdio: "inherit" });
    const [code] = (await once(child, "exit")) as [number];
    if (code !== 0) throw new Error(`the import ended with ${code}`);
    const seconds = (performance.now() - begin) / 1000;
    const megabytes = Math.round(residentBytes(server.pid) / 2 ** 20);
    console.log(`${count} accounts ${what}: ${seconds.toFixed(1)} s; the server uses ${megabytes} MB`);
  }
} finally {
  await server.stop();
}
