import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { Secrets } from "../../core/secrets.ts";
import { testServer } from "../../core/testing.ts";
import { Certificates } from "../../net/certificates.ts";
import { selfSignedPair } from "../../net/self-signed.ts";
import { CertificateKeeper } from "./keeper.ts";

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "nightpost-certificates-"));
  directories.push(directory);
  return directory;
}

/** A certificate that somebody has, PEM. */
async function given(name: string): Promise<{ chain: string; key: string; fingerprint: string }> {
  const directory = newDirectory();
  const pair = await selfSignedPair(name, directory, Date.now());
  const pem = await readFile(join(directory, `${name}.pem`), "utf8");
  return { chain: pem, key: pem, fingerprint: pair.certificate.fingerprint256 };
}

async function bench(secrets = Secrets.ephemeral()) {
  const server = await testServer({ modules: [], hosts: ["a.example", "b.example"] });
  onTestFinished(() => server.stop());
  const { stores, clock, log } = server.core;
  const certificates = await Certificates.open({ directory: null, files: [] });
  await certificates.ensure(["a.example", "b.example"]);
  const parts = { certificates, stores, secrets, clock, log };
  const by = { source: "upload", author: "boss" } as const;
  return { ...server, certificates, parts, by, keeper: await CertificateKeeper.open(parts) };
}

describe("certificates that are given", () => {
  it("are shown at once, kept sealed, and there again after a start", async () => {
    const { keeper, parts, by, stores } = await bench();
    const { chain, key, fingerprint } = await given("a.example");
    const before = keeper.describe("a.example");
    expect(before).toMatchObject({ source: "own", chain: "self-signed" });
    const context = parts.certificates.serverOptions("a.example")?.secureContext;
    const changed: string[] = [];
    keeper.onChange((host) => changed.push(host));
    const { id } = await keeper.install(["a.example"], chain, key, by);
    expect(keeper.describe("a.example")).toMatchObject({ source: "managed", fingerprint256: fingerprint });
    expect(parts.certificates.serverOptions("a.example")?.secureContext).not.toBe(context);
    expect(keeper.describe("b.example")?.source).toBe("own");
    expect(changed).toEqual(["a.example"]);
    expect(JSON.stringify(await stores.certificates.find(id))).not.toContain("PRIVATE KEY\\n" + key.split("\n")[1]);

    const again = await Certificates.open({ directory: null, files: [] });
    await again.ensure(["a.example"]);
    const reopened = await CertificateKeeper.open({ ...parts, certificates: again });
    expect(reopened.describe("a.example")?.fingerprint256).toBe(fingerprint);
  });

  it("are rolled back to what was shown before, and to the server's own", async () => {
    const { keeper, by } = await bench();
    const [one, two] = [await given("a.example"), await given("a.example")];
    await keeper.install(["a.example"], one.chain, one.key, by);
    await keeper.install(["a.example"], two.chain, two.key, by);
    await keeper.rollBack("a.example", "boss");
    expect(keeper.describe("a.example")?.fingerprint256).toBe(one.fingerprint);
    await keeper.rollBack("a.example", "boss");
    expect(keeper.describe("a.example")?.fingerprint256).toBe(two.fingerprint);
    await keeper.useOwn("a.example", "boss");
    expect(keeper.describe("a.example")).toMatchObject({ source: "own", isSelfSigned: true });
    const history = await keeper.history("a.example", 10);
    expect(history.map(({ row }) => row === null)).toEqual([true, false, false, false, false]);
    await expect(keeper.rollBack("b.example", "boss")).rejects.toMatchObject({ code: "nothing-before" });
  });

  it.each([
    ["for another name", "b.example", "b.example", "not-covered"],
    ["whose key is another one's", "a.example", "other", undefined],
  ])("are refused %s, and nothing changes", async (_name, name, keyOf, code) => {
    const { keeper, by } = await bench();
    const { chain } = await given(name);
    const { key } = await given(keyOf === "other" ? "a.example" : name);
    const before = keeper.describe("a.example")?.fingerprint256;
    const refused = keeper.install(["a.example"], chain, code === undefined ? key : chain, by);
    await expect(refused).rejects.toMatchObject(
      code === undefined ? { message: "the key does not belong to the certificate" } : { code },
    );
    expect(keeper.describe("a.example")?.fingerprint256).toBe(before);
    expect(await keeper.history("a.example", 10)).toEqual([]);
  });

  it("are refused as text that is none", () => {
    return expect(
      bench().then(({ keeper }) => keeper.preview("a.example", "nonsense", "nonsense")),
    ).rejects.toMatchObject({
      name: "CertificateError",
      message: "the certificate or the key is not PEM text",
    });
  });

  it("go to whoever they name below the host", async () => {
    const { keeper, by, certificates } = await bench();
    const { chain, key, fingerprint } = await given("a.example");
    await keeper.install(["a.example"], chain, key, by);
    expect(keeper.covers("a.example", "rooms.a.example")).toBe(true);
    expect(keeper.covers("a.example", "b.example")).toBe(false);
    expect(certificates.describe("rooms.a.example")?.fingerprint256).toBe(fingerprint);
    expect(certificates.describe("deep.rooms.a.example")).toBeNull();
  });

  it("that cannot be opened any more leave their host with one of the server's own", async () => {
    const { keeper, parts, by, complaints } = await bench();
    const { chain, key } = await given("a.example");
    await keeper.install(["a.example"], chain, key, by);
    const again = await Certificates.open({ directory: null, files: [] });
    await again.ensure(["a.example"]);
    const reopened = await CertificateKeeper.open({ ...parts, certificates: again, secrets: Secrets.ephemeral() });
    expect(reopened.describe("a.example")?.source).toBe("own");
    expect(complaints.map(({ message }) => message)).toEqual(["a certificate cannot be used"]);
  });

  it("come back to the key of the request they were made for", async () => {
    const { keeper } = await bench();
    const csr = await keeper.request("a.example", ["a.example", "*.a.example"]);
    expect(csr).toContain("BEGIN CERTIFICATE REQUEST");
    const { chain } = await given("a.example");
    await expect(keeper.requestedKey("a.example", chain)).rejects.toMatchObject({ code: "no-key" });
    await expect(keeper.requestedKey("b.example", chain)).rejects.toMatchObject({ code: "no-key" });
  });
});
