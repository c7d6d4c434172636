import { z } from "zod";
import { endpoint, HostName, secret, Timestamp } from "./endpoint.ts";
import { AcmePolicy } from "./operations-policy.ts";
import { Revision } from "./policy.ts";

export const CertificateFacts = z.object({
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()).describe("Names and addresses it is valid for."),
  notBefore: Timestamp,
  notAfter: Timestamp,
  fingerprint: z.string().describe("SHA-256, hex with colons."),
  keyType: z.string(),
  chain: z
    .enum(["complete", "self-signed", "incomplete", "unknown-authority"])
    .describe("Whether clients can follow it to an authority that this system knows."),
  covers: z.boolean().describe("Whether it is valid for the host."),
});
export type CertificateFacts = z.infer<typeof CertificateFacts>;

export const HostCertificate = z.object({
  host: HostName,
  certificate: CertificateFacts.nullable(),
  source: z
    .enum(["none", "file", "upload", "acme", "self-signed"])
    .describe("`file`: the configuration names it, and only there can it be changed."),
  since: Timestamp.nullable().describe("Since when the host shows it, if it was set here."),
  canRollBack: z.boolean(),
  isRenewed: z.boolean().describe("It is ordered and renewed by itself."),
  services: z
    .array(z.object({ name: z.string(), covered: z.boolean() }))
    .describe("Names of services below the host, and whether the certificate is valid for them."),
});
export type HostCertificate = z.infer<typeof HostCertificate>;

export const CertificateOrder = z.object({
  id: z.string(),
  names: z.array(z.string()),
  state: z.enum(["running", "done", "failed"]),
  createdAt: Timestamp,
  steps: z.array(
    z.object({
      at: Timestamp,
      step: z.enum(["account", "order", "challenge", "validation", "issue", "installed", "failed"]),
      name: z.string(),
      detail: z.string(),
    }),
  ),
});
export type CertificateOrder = z.infer<typeof CertificateOrder>;

const Pem = z.string().min(1).max(200_000);
const read = { permission: "server:read" } as const;
const write = (audit: string) => ({ permission: "server:write", audit }) as const;
const Host = z.object({ host: HostName });
const Upload = z.object({
  host: HostName,
  chain: Pem.describe("PEM: the certificate, then those that vouch for it."),
  key: secret(Pem)
    .nullable()
    .default(null)
    .describe("PEM; null: the one that the last request of the host was made with."),
});

export const certificates = {
  list: endpoint("GET", "/certificates", read, "What each host shows, and how long it is good for").output(
    z.object({ items: z.array(HostCertificate), acme: AcmePolicy }),
  ),
  check: endpoint(
    "POST",
    "/certificates/check",
    read,
    "What would change if a host showed this certificate; changes nothing",
  )
    .input(Upload)
    .output(z.object({ before: CertificateFacts.nullable(), after: CertificateFacts })),
  upload: endpoint("POST", "/certificates", write("certificate.upload"), "Let a host show this certificate from now on")
    .input(Upload)
    .output(HostCertificate),
  history: endpoint("GET", "/certificates/{host}/history", read, "What a host has shown, newest first")
    .input(Host)
    .output(
      z.object({
        items: z.array(
          z.object({
            since: Timestamp,
            author: z.string(),
            source: z.enum(["upload", "acme", "self-signed"]),
            fingerprint: z.string().nullable(),
            notAfter: Timestamp.nullable(),
          }),
        ),
      }),
    ),
  rollback: endpoint(
    "POST",
    "/certificates/{host}/rollback",
    write("certificate.rollback"),
    "Let a host show what it showed before",
  )
    .input(Host)
    .output(HostCertificate),
  selfSign: endpoint(
    "POST",
    "/certificates/{host}/self-signed",
    write("certificate.self-sign"),
    "Make a self-signed certificate anew and let the host show it",
  )
    .input(Host)
    .output(HostCertificate),
  request: endpoint(
    "POST",
    "/certificates/{host}/request",
    write("certificate.request"),
    "A request for a certificate (CSR); its key stays on the server",
  )
    .input(z.object({ host: HostName, names: z.array(HostName).min(1).max(100) }))
    .output(z.object({ csr: z.string() })),
  order: endpoint(
    "POST",
    "/certificates/{host}/order",
    write("certificate.order"),
    "Order a certificate from the authority (ACME); goes on by itself",
  )
    .input(Host)
    .output(CertificateOrder),
  orders: endpoint("GET", "/certificate-orders", read, "Orders and how they went, newest first").output(
    z.object({ items: z.array(CertificateOrder) }),
  ),
  terms: endpoint(
    "GET",
    "/certificate-authority/terms",
    { permission: "server:write" },
    "Where an authority's terms of service can be read",
  )
    .input(z.object({ directory: AcmePolicy.shape.directory }))
    .output(z.object({ url: z.string().nullable() })),
  setAcme: endpoint(
    "PUT",
    "/certificate-authority",
    write("certificate.set-acme"),
    "Say from whom certificates are ordered, for which hosts, and agree to the terms",
  )
    .input(z.object({ acme: AcmePolicy, comment: z.string().max(1000).default("") }))
    .output(z.object({ revision: Revision })),
};
