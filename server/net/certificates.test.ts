import { X509Certificate } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CertificateError, Certificates } from "./certificates.ts";
import { certificateHash } from "./channel-binding.ts";
import { selfSignedPair } from "./self-signed.ts";

const dayMs = 86_400_000;
const now = Date.now();

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "certificates-"));
});

afterEach(() => rm(directory, { recursive: true }));

/** Writes a fresh pair for a host into two files. */
async function files(host: string, name: string): Promise<{ cert: string; key: string }> {
  await selfSignedPair(host, directory, now);
  const made = join(directory, `${encodeURIComponent(host)}.pem`);
  const pem = await readFile(made, "utf8");
  await rm(made);
  const paths = { cert: join(directory, `${name}.crt`), key: join(directory, `${name}.key`) };
  const at = pem.indexOf("-----BEGIN CERTIFICATE");
  await writeFile(paths.key, pem.slice(0, at));
  await writeFile(paths.cert, pem.slice(at));
  return paths;
}

describe("self-signed certificates", () => {
  it.each([
    ["bix.org", ["bix.org", "*.bix.org"]],
    ["bücher.example", ["xn--bcher-kva.example", "*.xn--bcher-kva.example"]],
    ["127.0.0.1", ["127.0.0.1"]],
    ["[::1]", ["0:0:0:0:0:0:0:1"]],
    [`${"a".repeat(60)}.${"b".repeat(60)}.example`, undefined],
  ])("name %s", async (host, names) => {
    const pair = await selfSignedPair(host, null, now);
    if (names !== undefined) expect(pair.names).toEqual(names);
    expect(pair.isSelfSigned).toBe(true);
    expect(pair.certificate.verify(pair.certificate.publicKey)).toBe(true);
    expect(pair.certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    expect(Math.round((pair.notAfter - now) / dayMs)).toBe(397);
  });

  it("are valid into the years that need another kind of date", async () => {
    const pair = await selfSignedPair("bix.org", null, Date.UTC(2049, 11, 1));
    expect(new Date(pair.notAfter).getUTCFullYear()).toBe(2051);
  });

  it("are kept, for the owner only, and renewed 30 days before the end", async () => {
    const first = await selfSignedPair("bix.org", directory, now);
    expect((await stat(join(directory, "bix.org.pem"))).mode & 0o777).toBe(0o600);
    const later = await selfSignedPair("bix.org", directory, now + 366 * dayMs);
    expect(later.certificate.fingerprint256).toBe(first.certificate.fingerprint256);
    const renewed = await selfSignedPair("bix.org", directory, now + 368 * dayMs);
    expect(renewed.certificate.fingerprint256).not.toBe(first.certificate.fingerprint256);
    expect(await readdir(directory)).toEqual(["bix.org.pem"]);
  });

  it("replace a damaged file", async () => {
    await writeFile(join(directory, "bix.org.pem"), "-----BEGIN NONSENSE");
    expect((await selfSignedPair("bix.org", directory, now)).names).toContain("bix.org");
  });
});

describe("Certificates", () => {
  it("makes one for each host, and speaks for whichever is named", async () => {
    const certificates = await Certificates.open({ directory: null, files: [] });
    expect(certificates.serverOptions(undefined)).toBeUndefined();
    await certificates.ensure(["bix.org"]);
    expect(certificates.serverOptions(undefined)?.SNICallback).toBeUndefined();
    await certificates.ensure(["bix.org", "bücher.example"]);
    const choose = certificates.serverOptions(undefined)?.SNICallback;
    for (const [name, host] of [
      ["bix.org", "bix.org"],
      ["BIX.org", "bix.org"],
      ["xn--bcher-kva.example", "bücher.example"],
    ]) {
      const chosen = Promise.withResolvers<unknown>();
      choose?.(name!, (_error, context) => chosen.resolve(context));
      expect(await chosen.promise).toBe(certificates.serverOptions(host)?.secureContext);
    }
    expect(certificates.describe("bix.org")).toMatchObject({ isSelfSigned: true, covers: true, subject: "CN=bix.org" });
    expect(certificates.describe("nowhere.example")).toBeNull();
  });

  it("prefers configured files, by their list of hosts or by the names in them", async () => {
    const one = await files("bix.org", "one");
    const other = await files("chat.example", "other");
    const certificates = await Certificates.open({
      directory,
      files: [
        { hosts: ["*.example.net", "bix.org"], ...one },
        { hosts: [], ...other },
      ],
    });
    const fingerprint = async (path: string): Promise<string> =>
      new X509Certificate(await readFile(path)).fingerprint256;
    expect(certificates.describe("bix.org")?.fingerprint256).toBe(await fingerprint(one.cert));
    expect(certificates.describe("a.example.net")).toMatchObject({ covers: false });
    expect(certificates.describe("a.b.example.net")).toBeNull();
    expect(certificates.describe("chat.example")?.fingerprint256).toBe(await fingerprint(other.cert));
    expect(certificates.describe("room.chat.example")?.fingerprint256).toBe(await fingerprint(other.cert));
    certificates.close();
  });

  it("takes over changed files, and keeps the old ones when the new ones do not fit", async () => {
    const paths = await files("bix.org", "live");
    const reports: string[] = [];
    const certificates = await Certificates.open({
      directory,
      files: [{ hosts: ["bix.org"], ...paths }],
      report: (severity, message) => reports.push(`${severity}: ${message}`),
    });
    const first = certificates.describe("bix.org")?.fingerprint256;
    const context = certificates.serverOptions("bix.org")?.secureContext;
    const newer = await files("bix.org", "newer");
    await writeFile(paths.cert, await readFile(newer.cert));
    await certificates.reload();
    expect(certificates.describe("bix.org")?.fingerprint256).toBe(first);
    expect(reports).toEqual([
      expect.stringMatching(/^warn: .*live\.crt with .*live\.key cannot be used: .*stays in use$/),
    ]);
    await writeFile(paths.key, await readFile(newer.key));
    await certificates.reload();
    expect(certificates.describe("bix.org")?.fingerprint256).not.toBe(first);
    expect(certificates.serverOptions("bix.org")?.secureContext).not.toBe(context);
    expect(reports[1]).toMatch(/^info: .*live\.crt is in use/);
    certificates.close();
  });

  it("notices changed files by itself", async () => {
    const paths = await files("bix.org", "live");
    const taken = Promise.withResolvers<string>();
    const certificates = await Certificates.open({
      directory,
      files: [{ hosts: [], ...paths }],
      report: (severity, message) => {
        if (severity === "info") taken.resolve(message);
      },
    });
    const newer = await files("bix.org", "newer");
    await writeFile(paths.key, await readFile(newer.key));
    await writeFile(paths.cert, await readFile(newer.cert));
    expect(await taken.promise).toContain("live.crt is in use");
    certificates.close();
  });

  it.each<[name: string, damage: (paths: { cert: string; key: string }) => Promise<void>, message: RegExp]>([
    ["a missing certificate", ({ cert }) => rm(cert), /live\.crt or .*live\.key cannot be read/],
    ["a broken certificate", ({ cert }) => writeFile(cert, "nonsense"), /live\.crt with .*live\.key cannot be used/],
    [
      "a key of another certificate",
      async ({ key }) => writeFile(key, await readFile((await files("bix.org", "foreign")).key)),
      /live\.crt with .*live\.key cannot be used: .*mismatch/i,
    ],
  ])("refuses to start with %s", async (_name, damage, message) => {
    const paths = await files("bix.org", "live");
    await damage(paths);
    const open = Certificates.open({ directory, files: [{ hosts: [], ...paths }] });
    await expect(open).rejects.toThrow(CertificateError);
    await expect(open).rejects.toThrow(message);
  });
});

it("tls-server-end-point is the hash of the signature's hash function (RFC 5929 4.1)", async () => {
  const { certificate } = await selfSignedPair("bix.org", null, now);
  expect(certificateHash(certificate)?.toString("hex")).toBe(
    certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
  );
});
