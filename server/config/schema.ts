import { z } from "zod";
import { Network } from "../core/network.ts";

/** Ports: 0 asks the operating system for a free one. */
const port = z.int().min(0).max(65_535);
const network = z
  .string()
  .refine(
    (text) => !text.includes("%") && Network.parse(text) !== null,
    "expected an address or a block of addresses, such as 10.0.0.0/8",
  );
const fileName = z.string().min(1).max(4096);

/**
 * What a process needs to boot; everything else is policy and lives in the store. Each key has an environment variable
 * (`meta.env`), which wins over the file.
 */
export const Config = z.strictObject({
  data: fileName
    .default("data")
    .describe("Directory of the store, generated certificates, key file, pid file and control socket.")
    .meta({ env: "NIGHTPOST_DATA" }),
  bind: z
    .string()
    .min(1)
    .max(255)
    .default("::")
    .describe("Address that all listeners bind to. `::` also takes IPv4.")
    .meta({ env: "NIGHTPOST_BIND" }),
  hosts: z
    .array(z.string().min(1).max(1023))
    .max(1000)
    .default([])
    .describe("Virtual hosts made at the first start. Later they are managed in the console.")
    .meta({ env: "NIGHTPOST_HOSTS" }),
  c2s: z
    .strictObject({
      port: port.default(5222).describe("Client connections with STARTTLS.").meta({ env: "NIGHTPOST_C2S_PORT" }),
      tlsPort: port
        .default(5223)
        .describe("Client connections with TLS from the first byte (XEP-0368).")
        .meta({ env: "NIGHTPOST_C2S_TLS_PORT" }),
      starttls: z
        .enum(["required", "optional"])
        .default("required")
        .describe("`optional` lets clients log in without encryption; for tests on loopback only.")
        .meta({ env: "NIGHTPOST_STARTTLS" }),
      plainWithoutTls: z
        .boolean()
        .default(false)
        .describe("Offer SASL PLAIN on unencrypted streams; for tests on loopback only.")
        .meta({ env: "NIGHTPOST_PLAIN_WITHOUT_TLS" }),
      clientCa: fileName
        .nullable()
        .default(null)
        .describe(
          "PEM file of the authorities that vouch for clients: with it they are asked for a certificate, and log in with SASL EXTERNAL if it names their address.",
        )
        .meta({ env: "NIGHTPOST_C2S_CLIENT_CA" }),
      maxPerAddress: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(100)
        .describe("Connections from one address (IPv6: /64); loopback is exempt.")
        .meta({ env: "NIGHTPOST_C2S_MAX_PER_ADDRESS" }),
      newPerSecond: z
        .int()
        .min(1)
        .max(100_000)
        .default(20)
        .describe("New connections a second from one address, on average; loopback is exempt.")
        .meta({ env: "NIGHTPOST_C2S_NEW_PER_SECOND" }),
      maxUnauthenticated: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(5000)
        .describe("Connections that have not logged in yet, in all.")
        .meta({ env: "NIGHTPOST_C2S_MAX_UNAUTHENTICATED" }),
      loginSeconds: z
        .int()
        .min(1)
        .max(600)
        .default(30)
        .describe("Time until a login must be complete.")
        .meta({ env: "NIGHTPOST_C2S_LOGIN_SECONDS" }),
      proxyProtocol: z
        .boolean()
        .default(false)
        .describe(
          "Connections from `trustedProxies` to the client ports begin with a header of the PROXY protocol (version 1 or 2).",
        )
        .meta({ env: "NIGHTPOST_C2S_PROXY_PROTOCOL" }),
    })
    .prefault({}),
  s2s: z
    .strictObject({
      port: port
        .default(5269)
        .describe(
          "Connections of other servers; 0: none are taken. It is open while the access rule `s2s_access` lets some host talk to other servers.",
        )
        .meta({ env: "NIGHTPOST_S2S_PORT" }),
      tlsPort: port
        .default(5270)
        .describe("The same with TLS from the first byte (XEP-0368); 0: none are taken.")
        .meta({ env: "NIGHTPOST_S2S_TLS_PORT" }),
      ca: fileName
        .nullable()
        .default(null)
        .describe("PEM file of the authorities that vouch for other servers; null: those that Node comes with.")
        .meta({ env: "NIGHTPOST_S2S_CA" }),
      resolver: z
        .array(z.string().min(1).max(255))
        .max(10)
        .default([])
        .describe("Name servers that are asked for other servers, as `address` or `address:port`; empty: the system's.")
        .meta({ env: "NIGHTPOST_S2S_RESOLVER" }),
      privateNetworks: z
        .array(network)
        .max(100)
        .default([])
        .describe(
          "Networks of your own that other servers may be in: an address that is not public is refused unless it is in one of these.",
        )
        .meta({ env: "NIGHTPOST_S2S_PRIVATE_NETWORKS" }),
      maxPerAddress: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(50)
        .describe("Connections from one address (IPv6: /64); loopback is exempt.")
        .meta({ env: "NIGHTPOST_S2S_MAX_PER_ADDRESS" }),
      newPerSecond: z
        .int()
        .min(1)
        .max(100_000)
        .default(10)
        .describe("New connections a second from one address, on average; loopback is exempt.")
        .meta({ env: "NIGHTPOST_S2S_NEW_PER_SECOND" }),
      maxUnproved: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(1000)
        .describe("Connections that have not proved their domain yet, in all.")
        .meta({ env: "NIGHTPOST_S2S_MAX_UNPROVED" }),
    })
    .prefault({}),
  component: z
    .strictObject({
      port: port
        .default(0)
        .describe("Connections of external components (XEP-0114), unencrypted; 0: there are none.")
        .meta({ env: "NIGHTPOST_COMPONENT_PORT" }),
      bind: z
        .string()
        .min(1)
        .max(255)
        .default("127.0.0.1")
        .describe("Address that the listener for components binds to; keep it where nobody can read along.")
        .meta({ env: "NIGHTPOST_COMPONENT_BIND" }),
    })
    .prefault({}),
  http: z
    .strictObject({
      port: port
        .default(5280)
        .describe("Console and admin API, plain and TLS on the same port.")
        .meta({ env: "NIGHTPOST_HTTP_PORT" }),
      plain: z
        .enum(["allow", "redirect", "off"])
        .default("redirect")
        .describe(
          "Unencrypted HTTP from other machines: serve it, redirect it to HTTPS, or refuse it. From loopback it is served unless `off`.",
        )
        .meta({ env: "NIGHTPOST_HTTP_PLAIN" }),
      names: z
        .array(z.string().min(1).max(255))
        .max(100)
        .default([])
        .describe(
          "Host names that the console answers to, beside the virtual hosts, loopback and the machine's addresses.",
        )
        .meta({ env: "NIGHTPOST_HTTP_NAMES" }),
      publicUrl: z
        .url({ protocol: /^https?$/ })
        .regex(/^[^?#@]*$/, "expected a URL without a query")
        .max(255)
        .nullable()
        .default(null)
        .describe(
          "Where browsers and web clients reach this listener, such as `https://chat.example.org`: told in `/.well-known/host-meta`, and where links of invites and password resets lead; null: the name and port that they ask for, and the host's own name.",
        )
        .meta({ env: "NIGHTPOST_HTTP_PUBLIC_URL" }),
      websocket: z
        .boolean()
        .default(true)
        .describe("Client connections over WebSocket (RFC 7395) at `/xmpp-websocket` and `/ws`.")
        .meta({ env: "NIGHTPOST_HTTP_WEBSOCKET" }),
      bosh: z
        .boolean()
        .default(true)
        .describe("Client connections over BOSH (XEP-0124, XEP-0206) at `/http-bind`.")
        .meta({ env: "NIGHTPOST_HTTP_BOSH" }),
      origins: z
        .array(
          z
            .string()
            .max(255)
            .regex(/^[a-z][a-z\d+.-]*:\/\/[^/\s]+$/i, "expected an origin, such as https://chat.example.org"),
        )
        .max(100)
        .default([])
        .describe("Origins of the web pages that may connect, such as `https://chat.example.org`; empty: all.")
        .meta({ env: "NIGHTPOST_HTTP_ORIGINS" }),
      challengePort: port
        .default(0)
        .describe(
          "A port beside it, 80 as a rule, where certificate authorities look for HTTP-01 challenges; whatever else is asked there is sent to HTTPS. 0: there is none, and `port` or a proxy has to answer on port 80.",
        )
        .meta({ env: "NIGHTPOST_HTTP_CHALLENGE_PORT" }),
      metrics: z
        .enum(["off", "key", "loopback"])
        .default("key")
        .describe(
          "Who gets `/metrics` for Prometheus: nobody, holders of an API key with `server:read`, or also whatever asks from this machine without one; not behind a proxy on this machine that adds no `X-Forwarded-For`.",
        )
        .meta({ env: "NIGHTPOST_HTTP_METRICS" }),
      proxyProtocol: z
        .boolean()
        .default(false)
        .describe(
          "Connections from `trustedProxies` to this port begin with a header of the PROXY protocol (version 1 or 2).",
        )
        .meta({ env: "NIGHTPOST_HTTP_PROXY_PROTOCOL" }),
    })
    .prefault({}),
  trustedProxies: z
    .array(network)
    .max(100)
    .default(["127.0.0.0/8", "::1"])
    .describe(
      "Addresses of proxies that are believed: `X-Forwarded-For` and `X-Forwarded-Proto`, and the PROXY protocol where it is on.",
    )
    .meta({ env: "NIGHTPOST_TRUSTED_PROXIES" }),
  certificates: z
    .array(
      z.strictObject({
        hosts: z
          .array(z.string().min(1).max(1023))
          .max(1000)
          .default([])
          .describe("Virtual hosts it is used for; empty: those it names itself."),
        cert: fileName.describe("PEM file with the chain."),
        key: fileName.describe("PEM file with the private key."),
      }),
    )
    .max(1000)
    .default([])
    .describe("Certificate files, watched for changes. Hosts without one get a self-signed certificate."),
  console: z
    .enum(["on", "off"])
    .default("on")
    .describe("`off` runs a server without the web console; the admin API stays.")
    .meta({ env: "NIGHTPOST_CONSOLE" }),
  log: z
    .strictObject({
      level: z
        .enum(["debug", "info", "warn", "error"])
        .default("info")
        .describe("Least severe level that is written.")
        .meta({ env: "NIGHTPOST_LOG" }),
      file: fileName
        .nullable()
        .default(null)
        .describe("File to append to instead of standard error; reopened on SIGHUP.")
        .meta({ env: "NIGHTPOST_LOG_FILE" }),
    })
    .prefault({}),
  storage: z
    .enum(["sqlite", "memory"])
    .default("sqlite")
    .describe("`memory` keeps nothing over a restart; for tests.")
    .meta({ env: "NIGHTPOST_STORAGE" }),
  modules: fileName
    .nullable()
    .default(null)
    .describe("Directory with modules of your own; see docs/modules.md.")
    .meta({ env: "NIGHTPOST_MODULES" }),
  forward: z
    .strictObject({
      retrySeconds: z
        .array(z.number().min(0.01).max(604_800))
        .min(1)
        .max(50)
        .default([2, 10, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400])
        .describe(
          "Waiting times after the first, second, … failed attempt, in seconds, each varied by 20 %; the last one repeats.",
        )
        .meta({ env: "NIGHTPOST_FORWARD_RETRY_SECONDS" }),
    })
    .prefault({}),
});
export type Config = z.infer<typeof Config>;
