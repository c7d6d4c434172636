import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError, configKeys, loadConfig } from "./load.ts";

let directory = "";
let file = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "nightpost-config-"));
  file = join(directory, "nightpost.yml");
});
afterAll(() => rmSync(directory, { recursive: true }));

function load(text: string, env: Record<string, string> = {}): ReturnType<typeof loadConfig> {
  writeFileSync(file, text);
  return loadConfig(file, env);
}

function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll(`${file}:`, "");
    throw error;
  }
  return "none";
}

describe("a configuration file", () => {
  it("may be missing, empty or only comments: then everything has its default", () => {
    const { config, sources } = loadConfig(undefined, {});
    expect(config.c2s.port).toBe(5222);
    expect(config.data).toBe(resolve("data"));
    expect(sources).toEqual([]);
    for (const text of ["", "# nothing\n", "---\n"]) expect(load(text).config).toEqual(config);
  });

  it("is laid over the defaults key by key", () => {
    const { config } = load("bind: 127.0.0.1\nc2s:\n  port: 0\nhosts: [bix.org]\n");
    expect(config).toMatchObject({ bind: "127.0.0.1", hosts: ["bix.org"], c2s: { port: 0, tlsPort: 5223 } });
  });

  it.each([
    ["an unknown key", "prot: 5222\n", /^1:1: there is no key `prot`/],
    ["a slip of the pen", "bnd: '::'\n", /^1:1: there is no key `bnd`; did you mean `bind`\?$/],
    ["one further in", "data: d\nc2s:\n  prot: 5222\n", /^3:3: there is no key `c2s.prot`; did you mean `port`\?$/],
    ["one in a list", "certificates:\n  - cert: a\n    kee: b\n", /^3:5: there is no key `certificates.0.kee`/m],
    ["a number out of range", "c2s:\n  port: 70000\n", /^2:3: `c2s.port`: .*65535/],
    ["a fraction", "c2s:\n  port: 5222.5\n", /^2:3: `c2s.port`: .*int/],
    ["a text for a number", "c2s:\n  port: many\n", /^2:3: `c2s.port`: .*expected.*number/],
    ["a value that is none of the choices", "console: maybe\n", /^1:1: `console`: .*"on".*"off"/],
    ["a value where keys belong", "c2s: 5222\n", /^1:1: `c2s`: .*object/],
    ["a missing key, reported where it belongs", "certificates:\n  - cert: a\n", /^2:5: `certificates.0.key`/],
    ["a list as the whole", "- data\n", /^1:1: expected keys and values/],
    ["broken YAML", "data: [1\nbind: x\n", /^2:\d+: /],
    ["a key given twice", "data: a\ndata: b\n", /^2:1: .*unique/],
    ["a key of every object", "__proto__:\n  data: x\n", /there is no key `__proto__`/],
  ])("names line, column and key of %s", (_what, text, message) => {
    expect(problemOf(() => load(text))).toMatch(message);
  });

  it("refuses an alias of nothing", () => {
    expect(problemOf(() => load("data: *nothing\n"))).toMatch(/Unresolved alias.*nothing/);
  });

  it("reports all that is wrong, a line for each", () => {
    expect(problemOf(() => load("bind: ''\nstorage: tape\n")).split("\n")).toHaveLength(2);
  });

  it("says so when it cannot be read", () => {
    expect(problemOf(() => loadConfig(join(directory, "none.yml"), {}))).toMatch(/none\.yml: cannot be read: ENOENT/);
  });
});

describe("the environment", () => {
  it.each([
    ["NIGHTPOST_C2S_PORT", "0", ["c2s", "port"], 0],
    ["NIGHTPOST_HOSTS", "bix.org, example.org,", ["hosts"], ["bix.org", "example.org"]],
    ["NIGHTPOST_HOSTS", "", ["hosts"], []],
    ["NIGHTPOST_PLAIN_WITHOUT_TLS", "true", ["c2s", "plainWithoutTls"], true],
    ["NIGHTPOST_PLAIN_WITHOUT_TLS", "0", ["c2s", "plainWithoutTls"], false],
    ["NIGHTPOST_STARTTLS", "optional", ["c2s", "starttls"], "optional"],
    ["NIGHTPOST_CONSOLE", "off", ["console"], "off"],
    ["NIGHTPOST_LOG", "debug", ["log", "level"], "debug"],
    ["NIGHTPOST_DATA", "/var/lib/nightpost", ["data"], "/var/lib/nightpost"],
    ["NIGHTPOST_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::1", ["trustedProxies"], ["10.0.0.0/8", "2001:db8::1"]],
    ["NIGHTPOST_HTTP_PUBLIC_URL", "https://chat.bix.org/xmpp", ["http", "publicUrl"], "https://chat.bix.org/xmpp"],
    ["NIGHTPOST_HTTP_ORIGINS", "https://a.example:8443", ["http", "origins"], ["https://a.example:8443"]],
    ["NIGHTPOST_FORWARD_RETRY_SECONDS", "0.5,2", ["forward", "retrySeconds"], [0.5, 2]],
  ])("%s=%s wins over the file", (name, value, path, expected) => {
    const { config, sources } = load("bind: 127.0.0.1\nc2s: { port: 1 }\nlog: { level: error }\n", { [name]: value });
    expect(path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], config)).toEqual(expected);
    expect(sources).toEqual([{ key: path.join("."), source: name }]);
  });

  it.each([
    ["NIGHTPOST_C2S_PORT", "abc", /^NIGHTPOST_C2S_PORT: `c2s.port`: .*number/],
    ["NIGHTPOST_C2S_PORT", "0x10", /^NIGHTPOST_C2S_PORT: /],
    ["NIGHTPOST_PLAIN_WITHOUT_TLS", "yes", /^NIGHTPOST_PLAIN_WITHOUT_TLS: .*boolean/],
    ["NIGHTPOST_STARTTLS", "never", /^NIGHTPOST_STARTTLS: .*"required"/],
    ["NIGHTPOST_FORWARD_RETRY_SECONDS", "soon", /^NIGHTPOST_FORWARD_RETRY_SECONDS: /],
    ["NIGHTPOST_DATA", "", /^NIGHTPOST_DATA: /],
    ["NIGHTPOST_TRUSTED_PROXIES", "10.0.0.0/8,proxy", /^NIGHTPOST_TRUSTED_PROXIES: .*block of addresses/],
    ["NIGHTPOST_HTTP_ORIGINS", "https://chat.bix.org/", /^NIGHTPOST_HTTP_ORIGINS: .*expected an origin/],
    ["NIGHTPOST_HTTP_PUBLIC_URL", "wss://chat.bix.org", /^NIGHTPOST_HTTP_PUBLIC_URL: /],
    ["NIGHTPOST_HTTP_PUBLIC_URL", "https://chat.bix.org/?a", /^NIGHTPOST_HTTP_PUBLIC_URL: .*without a query/],
  ])("%s=%s is an error that names the variable", (name, value, message) => {
    expect(problemOf(() => loadConfig(undefined, { [name]: value }))).toMatch(message);
  });

  it("has a variable of its own for every key but the certificates", () => {
    const keys = configKeys();
    const variables = keys.flatMap(({ env }) => env ?? []);
    expect(new Set(variables).size).toBe(variables.length);
    expect(keys.filter(({ env }) => env === undefined).map(({ path }) => path.join("."))).toEqual(["certificates"]);
  });
});
