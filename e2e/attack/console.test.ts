/** The console as browsers get it: what its pages may do, what no header opens, and files of strangers beside it. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { TestServer } from "../support/server.ts";
import { child } from "../support/xml.ts";
import { conditionOf, XmppClient } from "../support/xmpp-client.ts";

const password = "correct horse";
let server: TestServer;
let origin = "";
before(async () => {
  server = await TestServer.start({ console: true });
  await server.register("amy", password);
  origin = `http://127.0.0.1:${server.httpPort}`;
  for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100)))
    if ((await fetch(`${origin}/admin/login`)).status === 200) return;
  throw new Error("the console did not come up");
});
after(() => server.stop());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(origin + path, { headers, redirect: "manual" });

describe("pages", () => {
  for (const path of ["/admin/login", "/admin/setup"])
    test(`${path}: scripts of its own only, no frame, nothing kept by caches`, async () => {
      const answer = await get(path);
      const policy = answer.headers.get("content-security-policy") ?? "";
      const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? "";
      assert.match(scripts, /'self'/);
      assert.doesNotMatch(scripts, /unsafe-inline|unsafe-eval|\*|https?:/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.match(policy, /object-src 'none'|default-src 'none'|default-src 'self'/);
      assert.match(answer.headers.get("cache-control") ?? "", /no-store/);
      assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
      assert.match(answer.headers.get("referrer-policy") ?? "", /no-referrer|same-origin/);
      assert.equal(answer.headers.get("x-powered-by"), null);
    });

  const tricks: [name: string, path: string, headers: Record<string, string>][] = [
    [
      "a skipped middleware (CVE-2025-29927)",
      "/admin/users",
      { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" },
    ],
    ["the data of a page (CVE-2026-44574)", "/admin/users", { rsc: "1" }],
    [
      "a segment of a page",
      "/admin/users.segments/_tree.segment.rsc",
      { rsc: "1", "next-router-segment-prefetch": "/_tree" },
    ],
    ["a prefixed locale", "/admin/en-US/users", {}],
    ["an encoded locale", "/admin/%65n-US/users", {}],
    ["another forwarded host", "/admin/users", { "x-forwarded-host": "evil.example" }],
  ];
  for (const [name, path, headers] of tricks)
    test(`${name}: nothing of an account, no other site`, async () => {
      const answer = await get(path, headers);
      const text = await answer.text();
      assert.doesNotMatch(text, /amy@localhost/);
      assert.doesNotMatch(`${answer.headers.get("location") ?? ""} ${text}`, /evil\.example/);
      assert.ok(answer.status < 500, String(answer.status));
    });

  test("no image optimiser", async () =>
    assert.equal((await get("/admin/_next/image?url=http%3A%2F%2F127.0.0.1%2F&w=64&q=75")).status, 404));

  for (const [name, headers, body] of [
    ["a server action", { "next-action": "x", "content-type": "text/plain;charset=UTF-8" }, "[]"],
    [
      "a form with files",
      { "content-type": "multipart/form-data; boundary=b" },
      '--b\r\ncontent-disposition: form-data; name="1"\r\n\r\n{}\r\n--b--',
    ],
  ] as const)
    test(`${name} (CVE-2025-55182): refused before it is read`, async () => {
      const answer = await fetch(`${origin}/admin/login`, { method: "POST", headers, body });
      assert.ok([400, 403, 404, 405, 411, 413, 415].includes(answer.status), String(answer.status));
    });

  test("where a login leads is on this site", async () => {
    for (const target of ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]) {
      const answer = await get(`/admin/api/auth/signin?callbackUrl=${encodeURIComponent(target)}`);
      const cookie = answer.headers.getSetCookie().join(" ");
      assert.doesNotMatch(
        `${answer.headers.get("location") ?? ""} ${decodeURIComponent(cookie)}`,
        /evil\.example|javascript:/,
        target,
      );
    }
  });
});

describe("uploaded files", () => {
  const page = "<script>alert(document.domain)</script>";
  async function uploaded(name: string, type: string): Promise<Response | string> {
    const amy = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
    await amy.login("amy", password);
    const answer = await amy.ask(
      "get",
      "upload.localhost",
      `<request xmlns='urn:xmpp:http:upload:0' filename='${name}' size='${page.length}' content-type='${type}'/>`,
    );
    amy.destroy();
    const slot = child(answer, "slot");
    if (slot === undefined) return conditionOf(answer);
    // The certificate is self-signed: the same path, over loopback.
    const put = origin + new URL(child(slot, "put")?.attrs["url"] ?? "").pathname;
    const stored = await fetch(put, { method: "PUT", headers: { "content-type": type }, body: page });
    if (stored.status >= 300) return String(stored.status);
    return get(new URL(child(slot, "get")?.attrs["url"] ?? "").pathname);
  }
  const hostile: [name: string, file: string, type: string][] = [
    ["a page", "a.html", "text/html"],
    ["a page that says it is a picture", "a.html", "image/png"],
    ["a vector picture", "a.svg", "image/svg+xml"],
    ["XHTML", "a.xhtml", "application/xhtml+xml"],
    ["a script", "a.js", "text/javascript"],
    ["XML with a style", "a.xml", "text/xml"],
    ["a type of nobody", "a.bin", "x/y"],
    ["a name that leads elsewhere", "..%2F..%2Fetc%2Fpasswd", "text/plain"],
    ["a name with a line break", "a&#xa;b.txt", "text/plain"],
    ["a name that turns around", "a\u202egpj.exe", "text/plain"],
  ];
  for (const [name, file, type] of hostile)
    test(`${name}: harmless`, async () => {
      const answer = await uploaded(file, type);
      if (typeof answer === "string") return assert.match(answer, /not-acceptable|bad-request|not-allowed|4\d\d/);
      assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
      assert.match(
        answer.headers.get("content-security-policy") ?? "",
        /default-src 'none'.*sandbox|sandbox.*default-src 'none'/,
      );
      const isShown = /^(image\/(?!svg)|audio\/|video\/|text\/plain)/.test(answer.headers.get("content-type") ?? "");
      if (!isShown) assert.match(answer.headers.get("content-disposition") ?? "", /^attachment/);
      assert.doesNotMatch(answer.headers.get("content-type") ?? "", /html|svg|xml|javascript/);
      assert.doesNotMatch(answer.headers.get("content-disposition") ?? "", /[\r\n\u202e]/);
    });

  test("a file of somebody else cannot be found by going up, nor listed", async () => {
    for (const path of [
      "/files/",
      "/files/../nightpost.key",
      "/files/%2e%2e/nightpost.key",
      "/files/x/../../nightpost.db",
    ])
      assert.ok([400, 404].includes((await get(path)).status), path);
  });
});
