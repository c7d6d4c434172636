import { X509Certificate } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { testServer } from "../core/testing.ts";
import { derAt } from "../net/der-reader.ts";
import { der } from "../net/der.ts";
import { testAuthority, testRevocableCertificate, testServerCertificate } from "../net/testing-certificates.ts";
import { revocationIn } from "../operations/certificates/revocation.ts";
import { examineRevocation } from "../admin/doctor/revocation.ts";

const host = "a.example";
const authority = testAuthority();
const issuer = new X509Certificate(authority.cert);

/** RFC 6960 4.2.1, for the certificate that was asked about. */
function answer(id: Buffer, state: Buffer): Buffer {
  const time = der.time(Date.UTC(2026, 0, 1));
  const single = der.sequence(id, state, time);
  const about = der.sequence(der.explicit(2, der.octetString(Buffer.alloc(20))), time, der.sequence(single));
  const basic = der.sequence(about, der.sequence(der.oid("1.2.840.10045.4.3.2")), der.bitString(Buffer.alloc(8)));
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
  const found = await examineRevocation({ core: server.core, certificates });
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

  it("is read byte by byte: what is cut anywhere is no answer", () => {
    const whole = answer(der.sequence(), states.good);
    expect(revocationIn(whole)).toBe("good");
    for (let length = 0; length < whole.length; length += 1)
      expect(() => revocationIn(whole.subarray(0, length)), `${length} bytes`).toThrow();
  });
});
