import { type KeyObject, sign, X509Certificate } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { examineRevocation } from "../admin/doctor/revocation.ts";
import { testServer } from "../core/testing.ts";
import { derAt } from "../net/der-reader.ts";
import { der } from "../net/der.ts";
import {
  testAuthority,
  testResponderCertificate,
  testRevocableCertificate,
  testServerCertificate,
} from "../net/testing-certificates.ts";
import { certificateId, revocationIn } from "../operations/certificates/revocation.ts";

const host = "a.example";
const authority = testAuthority();
const issuer = new X509Certificate(authority.cert);
const now = Date.now();
const hourMs = 60 * 60 * 1_000;

/** GeneralizedTime (RFC 5280 4.1.2.5.2). */
function timeOf(ms: number): Buffer {
  const text = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return Buffer.concat([Buffer.from([0x18, text.length]), Buffer.from(text)]);
}

interface Said {
  readonly from?: number;
  readonly until?: number;
  readonly signer?: KeyObject;
  readonly algorithm?: string;
  readonly certificates?: readonly Buffer[];
}

const ecdsaWithSha256 = "1.2.840.10045.4.3.2";

/** RFC 6960 4.2.1, for the certificate that was asked about. */
function answer(id: Buffer, state: Buffer, said: Said = {}): Buffer {
  const { from = now, until, signer = authority.privateKey, algorithm = ecdsaWithSha256, certificates = [] } = said;
  const end = until === undefined ? [] : [der.explicit(0, timeOf(until))];
  const single = der.sequence(id, state, timeOf(from), ...end);
  const about = der.sequence(der.explicit(2, der.octetString(Buffer.alloc(20))), timeOf(from), der.sequence(single));
  const signature = der.bitString(sign("sha256", about, signer));
  const along = certificates.length === 0 ? [] : [der.explicit(0, der.sequence(...certificates))];
  const basic = der.sequence(about, der.sequence(der.oid(algorithm)), signature, ...along);
  const bytes = der.sequence(der.oid("1.3.6.1.5.5.7.48.1.1"), der.octetString(basic));
  return der.sequence(Buffer.from([0x0a, 1, 0]), der.explicit(0, bytes));
}

const states = {
  good: Buffer.from([0x80, 0]),
  revoked: der.explicit(1, der.time(Date.UTC(2026, 0, 1))),
  unknown: Buffer.from([0x82, 0]),
};

let asked: Buffer[];
/** What the authority says to a request. */
let say: (request: Buffer) => Buffer | number;
beforeEach(() => {
  asked = [];
});

async function responder(): Promise<string> {
  const answerTo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    asked.push(body);
    const said = say(body);
    if (typeof said === "number") response.writeHead(said);
    response.end(typeof said === "number" ? "" : said);
  };
  const http = createServer((request, response) => void answerTo(request, response));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void http.close());
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/`;
}

async function freePort(): Promise<number> {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  await new Promise((resolve) => http.close(resolve));
  return port;
}

async function examine(...chain: string[]): Promise<string[]> {
  const server = await testServer({ modules: [], hosts: [host] });
  onTestFinished(() => server.stop());
  const certificates = { chainOf: () => chain.map((pem) => new X509Certificate(pem)) };
  const core = { policy: server.core.policy, clock: { now: () => now } };
  const found = await examineRevocation({ core, certificates });
  return found.map(({ state, code, values }) => `${state} ${code}${values["reason"] ? `: ${values["reason"]}` : ""}`);
}

const idIn = (request: Buffer): Buffer => derAt(request, 0, 0, 0, 0, 0).whole;

describe("what an authority says of a certificate", () => {
  it.each([
    ["good", "ok certificate-not-revoked"],
    ["revoked", "error certificate-revoked"],
    ["unknown", "error certificate-revoked"],
  ] as const)("%s", async (state, expected) => {
    say = (request) => answer(idIn(request), states[state]);
    const { cert } = testRevocableCertificate(authority, host, await responder());
    expect(await examine(cert, authority.cert)).toEqual([expected]);
    const id = derAt(asked[0]!, 0, 0, 0, 0, 0).content;
    expect(derAt(id, 3).content.toString("hex")).toBe(new X509Certificate(cert).serialNumber.toLowerCase());
    expect(derAt(id, 1).content).toHaveLength(20);
  });

  it.each<[string, () => Buffer | number, string]>([
    ["an error", () => 503, "HTTP 503"],
    ["a refusal", () => der.sequence(Buffer.from([0x0a, 1, 6])), "the authority refuses to answer (6)"],
    ["nonsense", () => Buffer.from("<html>"), "the answer makes no sense"],
    ["nothing", () => Buffer.alloc(0), "the answer makes no sense"],
  ])("%s", async (_name, said, reason) => {
    say = said;
    const { cert } = testRevocableCertificate(authority, host, await responder());
    expect(await examine(cert, authority.cert)).toEqual([`note revocation-unknown: ${reason}`]);
  });

  it("nothing, where nobody answers", async () => {
    const { cert } = testRevocableCertificate(authority, host, `http://127.0.0.1:${await freePort()}/`);
    expect(await examine(cert, authority.cert)).toEqual([
      expect.stringMatching(/^note revocation-unknown: .*ECONNREFUSED/),
    ]);
  });

  it("is not asked where the certificate names nobody, or its issuer is missing", async () => {
    expect(await examine(testServerCertificate(authority, [host]).cert, authority.cert)).toEqual([]);
    expect(await examine(testRevocableCertificate(authority, host, "http://127.0.0.1:1/").cert)).toEqual([]);
    expect(await examine()).toEqual([]);
  });

  it("is wanted in every handshake by some certificates, and is not sent", async () => {
    say = (request) => answer(idIn(request), states.good);
    const { cert } = testRevocableCertificate(authority, host, await responder(), true);
    expect(await examine(cert, authority.cert)).toEqual([
      "error certificate-must-staple",
      "ok certificate-not-revoked",
    ]);
    expect(issuer.ca).toBe(true);
  });

  const other = testAuthority("Another authority");
  const delegate = testResponderCertificate(authority);
  const stranger = testResponderCertificate(other);
  const server = testResponderCertificate(authority, false);
  const untrusted = "note revocation-unknown: the answer is not signed by the authority";
  it.each<[string, Said, string]>([
    ["its own key", {}, "ok certificate-not-revoked"],
    [
      "one that it lets answer",
      { signer: delegate.privateKey, certificates: [delegate.raw] },
      "ok certificate-not-revoked",
    ],
    ["one whose certificate is missing", { signer: delegate.privateKey }, untrusted],
    ["one that may do something else", { signer: server.privateKey, certificates: [server.raw] }, untrusted],
    [
      "one that another authority lets answer",
      { signer: stranger.privateKey, certificates: [stranger.raw] },
      untrusted,
    ],
    [
      "another one than the certificate that comes along",
      { signer: other.privateKey, certificates: [delegate.raw] },
      untrusted,
    ],
    [
      "a certificate that is none",
      { signer: other.privateKey, certificates: [der.sequence()] },
      "note revocation-unknown: the answer makes no sense",
    ],
    [
      "a way that is not known",
      { algorithm: "1.2.840.113549.1.1.5" },
      "note revocation-unknown: the answer is signed in an unknown way",
    ],
    ["another hash than it says", { algorithm: "1.2.840.10045.4.3.4" }, untrusted],
    ["its own key, for a while", { until: now + hourMs }, "ok certificate-not-revoked"],
    [
      "its own key, long ago",
      { from: now - 2 * hourMs, until: now - hourMs },
      "note revocation-unknown: the answer is out of date",
    ],
    ["its own key, in the future", { from: now + hourMs }, "note revocation-unknown: the answer is out of date"],
  ])("counts when it is signed by %s", async (_name, said, expected) => {
    say = (request) => answer(idIn(request), states.good, said);
    const { cert } = testRevocableCertificate(authority, host, await responder());
    expect(await examine(cert, authority.cert)).toEqual([expected]);
  });

  it("counts for the certificate that was asked about only", async () => {
    const another = new X509Certificate(testServerCertificate(authority, [host]).cert);
    say = () => answer(certificateId(another, issuer), states.good);
    const { cert } = testRevocableCertificate(authority, host, await responder());
    expect(await examine(cert, authority.cert)).toEqual([
      "note revocation-unknown: the answer is about another certificate",
    ]);
  });

  it("is read byte by byte: what is cut or changed anywhere in what is signed is no answer", () => {
    const id = certificateId(new X509Certificate(testServerCertificate(authority, [host]).cert), issuer);
    const whole = answer(id, states.good);
    const read = (bytes: Buffer) => revocationIn(bytes, id, issuer, now);
    expect(read(whole)).toBe("good");
    for (let length = 0; length < whole.length; length += 1)
      expect(() => read(whole.subarray(0, length)), `${length} bytes`).toThrow();
    const at = whole.indexOf(states.good, whole.indexOf(id));
    expect(() => read(Buffer.from(whole).fill(0x82, at, at + 1))).toThrow("not signed by the authority");
  });
});
