/** The image, as far as it can be tried without a builder: its steps are taken in an empty folder, and its command serves. */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Config } from "../../server/config/schema.ts";
import { until } from "../support/ports.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "nightpost-image-"));
const image = join(folder, "image");
const lines = readFileSync(join(root, "Dockerfile"), "utf8").split("\n");
const argumentsOf = (instruction: string): string[] =>
  lines.flatMap((line) => (line.startsWith(`${instruction} `) ? [line.slice(instruction.length + 1)] : []));
/** As the file has it, below the folder that stands for the image. */
const placed = (text: string): string => text.replaceAll("/opt/nightpost", image);

after(() => rmSync(folder, { recursive: true, force: true }));

test("everything that is copied is there, and what is left out is not needed", async () => {
  const sources = argumentsOf("COPY").filter((copy) => !copy.includes("--from="));
  for (const name of sources.flatMap((copy) => copy.split(" ").slice(0, -1)))
    assert.ok(existsSync(join(root, name)), name);
  const ignored = readFileSync(join(root, ".dockerignore"), "utf8").split("\n").filter(Boolean);
  const { stdout } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  for (const file of stdout.split("\0").filter((name) => name !== "" && existsSync(join(root, name)))) {
    if (ignored.some((name) => file === name || file.startsWith(`${name}/`))) continue;
    mkdirSync(dirname(join(image, file)), { recursive: true });
    cpSync(join(root, file), join(image, file), { verbatimSymlinks: true });
  }
  assert.ok(existsSync(join(image, "server/main.ts")));
});

test("only packages that a production install has are there", async () => {
  const list = await run("npm", ["ls", "--omit=dev", "--all", "--parseable"], { cwd: root, maxBuffer: 1 << 24 });
  const modules = join(root, "node_modules");
  const names = list.stdout
    .split("\n")
    .map((path) => relative(modules, path))
    .filter((name) => name !== "" && !name.startsWith("..") && !name.includes("node_modules"));
  assert.ok(names.includes("node") && !names.includes("vitest"), names.join(" "));
  for (const name of names) {
    mkdirSync(dirname(join(image, "node_modules", name)), { recursive: true });
    symlinkSync(join(modules, name), join(image, "node_modules", name));
  }
});

test("the base image has, or is given, every library of the runtime", async () => {
  const { stdout } = await run("ldd", [join(root, "node_modules/node/bin/node")]);
  const installed = argumentsOf("RUN").find((line) => line.includes("apt-get install")) ?? "";
  const packages = new Map([
    ["libatomic.so.1", "libatomic1"],
    ["libstdc++.so.6", "libstdc++6"],
  ]);
  const ofLibc = /^(?:linux-vdso|libdl|libm|libc|libpthread|libgcc_s|\/lib64\/ld-linux)/;
  for (const [, library = ""] of stdout.matchAll(/^\s*(\S+)/gm)) {
    if (ofLibc.test(library)) continue;
    assert.ok(installed.includes(packages.get(library) ?? library), `nothing brings ${library}`);
  }
});

test("the ports that it exposes are those that the server listens at", () => {
  const { c2s, s2s, http } = Config.parse({});
  const ports = [c2s.port, c2s.tlsPort, s2s.port, s2s.tlsPort, http.port].map(String);
  assert.deepEqual(argumentsOf("EXPOSE").join(" ").split(" ").toSorted(), ports.toSorted());
});

test("its command serves, and its health check says so", async () => {
  const command = JSON.parse(argumentsOf("CMD")[0] ?? "[]") as string[];
  const [check = ""] = argumentsOf("HEALTHCHECK");
  const [name = "", ...words] = JSON.parse(check.slice(check.indexOf("["))) as string[];
  const data = join(folder, "data");
  const settings = [
    ...argumentsOf("ENV")
      .join(" ")
      .matchAll(/(\w+)=(\S+)/g),
  ].map(([, key, value]) => [key!, placed(value!).replace("/var/lib/nightpost", data)]);
  const env = {
    PATH: process.env["PATH"] ?? "",
    ...Object.fromEntries(settings),
    NIGHTPOST_BIND: "127.0.0.1",
    NIGHTPOST_CONSOLE: "off",
    ...Object.fromEntries(["C2S", "C2S_TLS", "S2S", "S2S_TLS", "HTTP"].map((port) => [`NIGHTPOST_${port}_PORT`, "0"])),
  };
  const fill = argumentsOf("RUN").find((line) => line.includes("compile-cache.mjs")) ?? "";
  const [runtime = "", ...script] = placed(fill).split(" ");
  await run(runtime, script, { env, timeout: 120_000 });
  assert.ok(existsSync(join(image, "node_modules/.cache/compile/server.stamp")));

  const [program = "", ...rest] = command.map(placed);
  const server = spawn(program, rest, { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [server.stdout, server.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const link = argumentsOf("RUN").find((line) => line.endsWith(`/bin/${name}`)) ?? "";
  const bin = placed(link.split(" ")[2] ?? "");
  try {
    await until(
      async () => {
        assert.equal(server.exitCode, null, output);
        return run(bin, words, { env }).then(
          () => true,
          () => false,
        );
      },
      "the health check is content",
      60_000,
    );
  } finally {
    const ended = once(server, "exit");
    server.kill("SIGTERM");
    await ended;
  }
});
