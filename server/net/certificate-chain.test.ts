import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { certificatesIn, chainState } from "./certificate-chain.ts";
import { selfSignedPair } from "./self-signed.ts";
import { testAuthority, testClientCertificate } from "./testing-certificates.ts";

const authority = testAuthority("Root");
const other = testAuthority("Another root");
const root = new X509Certificate(authority.cert);
const leaf = new X509Certificate(testClientCertificate(authority, ["romeo@a.example"]).cert);

describe("chainState", () => {
  it.each([
    ["to an authority that is known", [leaf], [root], "complete"],
    ["with the authority itself", [leaf, root], [root], "complete"],
    ["to an authority that is not known", [leaf, root], [], "unknown-authority"],
    ["with its middle missing", [leaf], [new X509Certificate(other.cert)], "incomplete"],
    ["in the wrong order", [leaf, new X509Certificate(other.cert)], [root], "incomplete"],
    ["of nothing", [], [root], "incomplete"],
  ] as const)("%s", (_name, chain, roots, state) => expect(chainState([...chain], roots)).toBe(state));

  it("of one that vouches for itself", async () => {
    const { certificate, chain } = await selfSignedPair("a.example", null, Date.now());
    expect(chainState([certificate], [root])).toBe("self-signed");
    expect(chain()).toBe("self-signed");
  });
});

it("finds the certificates of a text in their order, between whatever else is there", () => {
  const text = `key first\n${authority.cert}\nand\n${other.cert}`;
  expect(certificatesIn(text).map(({ subject }) => subject)).toEqual(["CN=Root", "CN=Another root"]);
  expect(certificatesIn("nothing")).toEqual([]);
});
