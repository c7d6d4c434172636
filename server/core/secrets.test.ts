import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Secrets, SecretsError } from "./secrets.ts";

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "secrets-"));
  file = join(directory, "secret.key");
});
afterEach(() => rm(directory, { recursive: true }));

describe("the key file", () => {
  test("is made once, for its owner only", async () => {
    const secrets = await Secrets.open(file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const sealed = secrets.seal("hello");
    expect((await Secrets.open(file)).open(sealed)).toBe("hello");
  });

  test("two starts at once agree on it", async () => {
    const [a, b] = await Promise.all([Secrets.open(file), Secrets.open(file)]);
    expect(a.derive("x")).toEqual(b.derive("x"));
  });

  test("a newer key in front seals, the older ones still open", async () => {
    const old = (await Secrets.open(file)).seal("old");
    await writeFile(file, `${Buffer.alloc(32, 7).toString("base64")}\n${await readFile(file, "utf8")}`);
    const both = await Secrets.open(file);
    expect(both.open(old)).toBe("old");
    expect(both.seal("new").slice(0, 8)).not.toBe(old.slice(0, 8));
  });

  test.each(["", "short\n", `${"A".repeat(44)}\nnot a key\n`])("%j is refused", async (text) => {
    await writeFile(file, text, { mode: 0o600 });
    await expect(Secrets.open(file)).rejects.toMatchObject({ code: "unreadable" });
  });

  test.each([
    [0o600, "opens"],
    [0o400, "opens"],
    [0o440, "opens"],
    [0o644, "exposed"],
    [0o660, "exposed"],
    [0o602, "exposed"],
  ])("a key file of mode %o: %s", async (mode, outcome) => {
    await Secrets.open(file);
    await chmod(file, mode);
    const opened = await Secrets.open(file).then(
      () => "opens",
      ({ code }: SecretsError) => code,
    );
    expect(opened).toBe(outcome);
  });

  test("in a directory that is not there is refused", async () => {
    await expect(Secrets.open(join(directory, "no", "key"))).rejects.toBeInstanceOf(SecretsError);
  });
});

describe("sealing", () => {
  const secrets = Secrets.ephemeral();

  test.each(["", "x", "пароль 🔑", "a".repeat(10_000)])("%j comes back", (text) =>
    expect(secrets.open(secrets.seal(text, "here"), "here")).toBe(text),
  );

  test("the same text is never sealed the same way", () => expect(secrets.seal("x")).not.toBe(secrets.seal("x")));

  test.each<[string, (sealed: string) => string, string]>([
    ["elsewhere", (sealed) => sealed, "there"],
    ["changed", (sealed) => `${sealed.slice(0, -1)}${sealed.endsWith("A") ? "B" : "A"}`, "here"],
    ["cut", (sealed) => sealed.slice(0, 20), "here"],
  ])("%s: does not open", (_, change, purpose) => {
    const sealed = secrets.seal("hello there", "here");
    expect(() => secrets.open(change(sealed), purpose)).toThrow(expect.objectContaining({ code: "damaged" }));
  });

  test("with another key: does not open", () => {
    const sealed = Secrets.ephemeral().seal("x");
    expect(() => secrets.open(sealed)).toThrow(expect.objectContaining({ code: "unknown-key" }));
  });
});
