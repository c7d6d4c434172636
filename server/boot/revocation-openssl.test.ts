import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { testAuthority, testResponderCertificate, testServerCertificate } from "../net/testing-certificates.ts";
import { certificateId, revocationIn, revocationRequest } from "../operations/certificates/revocation.ts";

const folder = mkdtempSync(join(tmpdir(), "nightpost-ocsp-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const authority = testAuthority();
const issuer = new X509Certificate(authority.cert);
const authorityKey = authority.privateKey.export({ type: "pkcs8", format: "pem" });
const delegate = testResponderCertificate(authority);
const signers = {
  authority: { cert: authority.cert, key: authorityKey },
  delegate: { cert: delegate.cert, key: delegate.key },
};

/** What OpenSSL's responder answers to a request, with a data base of one certificate. */
function answerOf(request: Buffer, line: string, signer: keyof typeof signers): Buffer {
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const { cert, key } = signers[signer];
  execFileSync(
    "openssl",
    [
      ...["ocsp", "-index", file("index.txt", line), "-CA", file("ca.pem", authority.cert)],
      ...["-rsigner", file("signer.pem", cert), "-rkey", file("signer.key", key), "-ndays", "1"],
      ...["-reqin", file("request.der", request), "-respout", join(folder, "answer.der")],
    ],
    { stdio: "ignore" },
  );
  return readFileSync(join(folder, "answer.der"));
}

it.each([
  ["good", "V\t{end}\t\t{number}", "authority"],
  ["good", "V\t{end}\t\t{number}", "delegate"],
  ["revoked", "R\t{end}\t260101000000Z\t{number}", "authority"],
  ["revoked", "R\t{end}\t260101000000Z\t{number}", "delegate"],
  ["unknown", "V\t{end}\t\t0123456789ABCDEF", "delegate"],
] as const)("OpenSSL says %s (%s, by the %s)", (expected, line, signer) => {
  const certificate = new X509Certificate(testServerCertificate(authority, ["a.example"]).cert);
  const id = certificateId(certificate, issuer);
  const row = line.replace("{end}", "491231235959Z").replace("{number}", certificate.serialNumber);
  const answer = answerOf(revocationRequest(id), `${row}\tunknown\t/CN=Server\n`, signer);
  expect(revocationIn(answer, id, issuer, Date.now())).toBe(expected);
});
