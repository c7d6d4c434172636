import { createHash } from "node:crypto";
import { once } from "node:events";
import http, { type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { consoleProxy, contentSecurityPolicy } from "./proxy.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(handle: RequestListener): Promise<number> {
  const server = http.createServer(handle).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** A proxy in front of a console that answers with `handle`. */
async function proxyTo(handle: RequestListener | null): Promise<number> {
  const child = handle === null ? null : await serve(handle);
  const proxy = consoleProxy({ port: () => child });
  return serve((request, response) => proxy(request, response, (request.url ?? "").replace(/\?.*/, "")));
}

async function get(
  port: number,
  path: string,
  headers: http.OutgoingHttpHeaders = {},
  method = "GET",
): Promise<{ status: number; headers: IncomingMessage["headers"]; body: string }> {
  const request = http.request({ port, host: "127.0.0.1", path, method, headers, agent: false }).end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const body = (await response.setEncoding("utf8").toArray()).join("");
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

const echo: RequestListener = (request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ url: request.url, headers: request.headers }));
};
const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

describe("a request to the console", () => {
  it("loses what only this proxy may say, and gets it from the proxy", async () => {
    const port = await proxyTo(echo);
    const { body } = await get(port, "/admin/users?q=1", {
      host: "chat.bix.org",
      cookie: "a=b",
      "x-forwarded-for": "10.0.0.1",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      "x-middleware-subrequest": "middleware",
      "x-nextjs-data": "1",
      "x-real-ip": "10.0.0.1",
      "x-invoke-path": "/secret",
      "x-nightpost-token": "guess",
      forwarded: "for=10.0.0.1",
      te: "trailers",
      "proxy-authorization": "Basic x",
    });
    const seen = JSON.parse(body) as { url: string; headers: Record<string, string> };
    expect(seen.url).toBe("/admin/users?q=1");
    expect(seen.headers).toMatchObject({
      cookie: "a=b",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": "chat.bix.org",
      "x-forwarded-proto": "http",
    });
    for (const name of ["x-middleware-subrequest", "x-nextjs-data", "x-real-ip", "x-invoke-path", "x-nightpost-token"])
      expect(seen.headers).not.toHaveProperty(name);
    for (const name of ["forwarded", "te", "proxy-authorization"]) expect(seen.headers).not.toHaveProperty(name);
  });

  it.each([
    ["a server action", "/admin/", { "next-action": "0".repeat(40) }],
    ["the image optimiser", "/admin/_next/image?url=http%3A//169.254.169.254/&w=64", {}],
  ])("that is for %s is not passed on", async (_what, path, headers) => {
    expect((await get(await proxyTo(echo), path, headers)).status).toBe(404);
  });

  it.each([
    ["GET", "/admin/login", { "transfer-encoding": "chunked" }, 400],
    ["GET", "/admin/login", { "content-length": "3" }, 400],
    ["POST", "/admin/login", { "content-length": "0" }, 405],
    ["DELETE", "/admin/api/auth/session", {}, 405],
    ["POST", "/admin/api/auth/signout", { "content-length": "0" }, 200],
    ["POST", "/admin/api/auth/callback/credentials", { "transfer-encoding": "chunked" }, 411],
    ["POST", "/admin/api/auth/callback/credentials", { "content-length": "65537" }, 413],
  ])("that is a %s to %s with %j is answered with %i", async (method, path, headers, status) => {
    expect(await get(await proxyTo(echo), path, headers, method)).toMatchObject({ status });
  });

  it("gets a page that tries again while there is no console", async () => {
    for (const port of [await proxyTo(null), await proxyTo((request) => request.socket.destroy())]) {
      const answer = await get(port, "/admin/");
      expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "1", "cache-control": "no-store" } });
      expect(answer.body).toContain('http-equiv="refresh"');
    }
  });
});

describe("an answer of the console", () => {
  const page = "<!doctype html><script>start()</script><script src='/admin/a.js'></script>";
  const console_: RequestListener = (request, response) => {
    response.setHeader("x-powered-by", "Next.js");
    response.setHeader("x-nextjs-cache", "HIT");
    response.setHeader(
      "content-type",
      request.url?.endsWith(".js") === true ? "text/javascript" : "text/html; charset=utf-8",
    );
    response.setHeader("cache-control", "public, max-age=31536000, immutable");
    response.end(page);
  };

  it("gets the headers that a browser is to obey", async () => {
    const { headers, body } = await get(await proxyTo(console_), "/admin/");
    expect(body).toBe(page);
    expect(headers).toMatchObject({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
    expect(headers["content-security-policy"]).toContain(`script-src 'self' ${hashOf("start()")};`);
    for (const name of ["x-powered-by", "x-nextjs-cache"]) expect(headers).not.toHaveProperty(name);
  });

  it("may be kept only when it is a file of the build", async () => {
    const port = await proxyTo(console_);
    expect((await get(port, "/admin/_next/static/a.js")).headers["cache-control"]).toContain("immutable");
    expect((await get(port, "/admin/a.js")).headers["cache-control"]).toBe("no-store");
  });

  it("has its policy for HEAD, too, and no body", async () => {
    const { headers, body } = await get(await proxyTo(console_), "/admin/", {}, "HEAD");
    expect(headers["content-security-policy"]).toContain("default-src 'self'");
    expect(body).toBe("");
  });

  it("that breaks off breaks off", async () => {
    const port = await proxyTo((_request, response) => {
      response.writeHead(200, { "content-type": "text/html", "content-length": "1000" });
      response.write("<p>");
      setImmediate(() => response.destroy());
    });
    await expect(get(port, "/admin/")).rejects.toThrow(/hang up|aborted/);
  });
});

describe("contentSecurityPolicy", () => {
  const scriptsOf = (html: string): string => /script-src ([^;]*);/.exec(contentSecurityPolicy(html))?.[1] ?? "";

  it.each([
    ["no script", "<p>hello</p>", "'self'"],
    ["a script from a file", '<script src="/a.js" async></script>', "'self'"],
    ["an inline script", "<script>a()</script>", `'self' ${hashOf("a()")}`],
    ["attributes, capitals and line ends", '<SCRIPT id="x"\n>\na()\n</SCRIPT>', `'self' ${hashOf("\na()\n")}`],
    ["the same script twice", "<script>a()</script><script>a()</script>", `'self' ${hashOf("a()")}`],
    ["letters beyond ASCII", "<script>a('ü😀')</script>", `'self' ${hashOf("a('ü😀')")}`],
  ])("lets run exactly the scripts of a page with %s", (_what, html, scripts) => expect(scriptsOf(html)).toBe(scripts));

  it("lets nothing else run", () => {
    const policy = contentSecurityPolicy("");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    for (const part of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"])
      expect(policy).toContain(part);
  });
});
