import type { LookupAddress } from "node:dns";
import { describe, expect, test } from "vitest";
import { BlockedError, guardedLookup, refusalOfAddress, refusalOfUrl } from "./guard.ts";

describe("URLs that are refused without a lookup", () => {
  test.for([
    // Not a web address.
    "",
    "example.org/hook",
    "ftp://example.org/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "gopher://example.org:70/_",
    "http://",
    "http://[::1",
    "http://example.org:99999/",
    "http://exa mple.org/",
    // Credentials that look like the host.
    "http://user:secret@example.org/",
    "http://example.org@127.0.0.1/",
    "http://example.org%40127.0.0.1/",
    "http://user@example.org/",
    // Other protocols' ports.
    "http://example.org:22/",
    "http://example.org:25/",
    "https://example.org:6667/",
    "http://example.org:11/",
    // Loopback, in every notation that the URL standard knows.
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://127.255.255.254:8080/",
    "http://１２７.０.０.１/",
    "http://①②⑦.0.0.1/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    // Nobody, everybody.
    "http://0.0.0.0/",
    "http://0/",
    "http://[::]/",
    "http://255.255.255.255/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://[ff02::1]/",
    // Private and link-local networks, cloud metadata.
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://100.64.0.1/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fd12:3456:789a::1]/",
    "http://[fec0::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::ffff:169.254.169.254]/",
    // IPv4 wrapped into IPv6: NAT64, 6to4, Teredo, ISATAP's relatives.
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::a00:1]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a00:1::1]/",
    "http://[2001:0:7f00:1::]/",
    "http://[::ffff:0:127.0.0.1]/",
    // Reserved: documentation, benchmarks, protocol assignments.
    "http://192.0.0.1/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://[2001:db8::1]/",
    "http://[100::1]/",
    "http://[4000::1]/",
  ])("%s", (url) => {
    expect(refusalOfUrl(url, false)).toEqual(expect.any(String));
  });
});

describe("URLs that may be used", () => {
  test.for([
    "https://example.org/hook",
    "http://example.org:8080/hook?token=1",
    "https://example.org:8443/",
    "http://93.184.215.14/",
    "http://[2606:4700::1111]/",
    "http://172.32.0.1/",
    "http://11.0.0.1/",
  ])("%s", (url) => {
    expect(refusalOfUrl(url, false)).toBeNull();
  });
});

describe("private addresses when the target allows them", () => {
  test.for(["127.0.0.1", "::1", "10.1.2.3", "192.168.1.1", "fd00::1", "169.254.1.1", "100.64.0.1", "::ffff:127.0.0.1"])(
    "%s may be used",
    (address) => {
      expect(refusalOfAddress(address, false)).toContain("does not allow private addresses");
      expect(refusalOfAddress(address, true)).toBeNull();
    },
  );
  test.for(["0.0.0.0", "::", "224.0.0.1", "255.255.255.255", "64:ff9b::7f00:1", "2002:7f00:1::"])(
    "%s stays refused",
    (address) => {
      expect(refusalOfAddress(address, true)).toContain("no address to send to");
    },
  );
});

describe("lookup", () => {
  const resolver = (answers: readonly (readonly LookupAddress[] | Error)[]) => {
    let asked = 0;
    return {
      asked: () => asked,
      resolve: (_name: string, callback: (error: Error | null, addresses: readonly LookupAddress[]) => void) => {
        const answer = answers[Math.min(asked++, answers.length - 1)]!;
        setImmediate(() => (answer instanceof Error ? callback(answer, []) : callback(null, answer)));
      },
    };
  };
  const v4 = (address: string): LookupAddress => ({ address, family: 4 });
  const look = (lookup: ReturnType<typeof guardedLookup>): Promise<string | readonly LookupAddress[]> =>
    new Promise((resolve, reject) =>
      lookup("hook.example", { all: true }, (error, addresses) =>
        error === null ? resolve(addresses) : reject(error),
      ),
    );

  test("hands over the very addresses that were checked", async () => {
    const { resolve } = resolver([[v4("93.184.215.14"), v4("93.184.215.15")]]);
    expect(await look(guardedLookup(false, resolve))).toEqual([v4("93.184.215.14"), v4("93.184.215.15")]);
  });

  test("one bad address among good ones refuses the name", async () => {
    const { resolve } = resolver([[v4("93.184.215.14"), v4("10.0.0.1")]]);
    await expect(look(guardedLookup(false, resolve))).rejects.toThrow(BlockedError);
  });

  test("a name that turns to another address is refused at the connection that gets it", async () => {
    const { resolve } = resolver([[v4("93.184.215.14")], [v4("127.0.0.1")]]);
    const lookup = guardedLookup(false, resolve);
    expect(await look(lookup)).toEqual([v4("93.184.215.14")]);
    await expect(look(lookup)).rejects.toThrow("hook.example: 127.0.0.1 is not public (loopback)");
  });

  test("questions for one name are joined", async () => {
    const { resolve, asked } = resolver([[v4("93.184.215.14")]]);
    const lookup = guardedLookup(false, resolve);
    await Promise.all([look(lookup), look(lookup), look(lookup)]);
    expect(asked()).toBe(1);
  });

  test("an error of the resolver is passed on", async () => {
    const { resolve } = resolver([new Error("EAI_AGAIN")]);
    await expect(look(guardedLookup(false, resolve))).rejects.toThrow("EAI_AGAIN");
  });
});
