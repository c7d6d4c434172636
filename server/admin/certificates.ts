import { X509Certificate } from "node:crypto";
import { domainToASCII } from "node:url";
import type { CertificateFacts, CertificateOrder, HostCertificate } from "../../lib/contracts/certificates.ts";
import type { HostSummary } from "../../lib/contracts/hosts.ts";
import type { contract } from "../../lib/contracts/index.ts";
import { own } from "../core/policy/engine.ts";
import { authorityOf } from "../operations/certificates/authority.ts";
import type { CertificateKeeper } from "../operations/certificates/keeper.ts";
import type { OrderRow } from "../storage/ports.ts";
import { hostName, requireHost } from "./address.ts";
import { badInput } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { revise } from "./revise.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

const maxHistory = 50;
const maxOrders = 50;

export function certificates(admin: Admin): Verbs<typeof contract.certificates> {
  const { core, certificates: keeper, orders } = admin;
  const { policy, hosts } = core;

  const nameOf = (text: string): string => {
    const host = hostName(text);
    requireHost(core, host);
    return host;
  };

  const describe = async (host: string): Promise<HostCertificate> => {
    const { acme } = policy.document.operations;
    const use = keeper.useOf(host);
    const [current, before] = await keeper.history(host, 2);
    const facts = keeper.describe(host);
    const served = hosts.get(host);
    const services = served === undefined ? [] : hosts.servicesOf(served).map(({ name }) => name);
    return {
      host,
      certificate: factsOf(keeper, host),
      source:
        facts === null
          ? "none"
          : facts.source === "file"
            ? "file"
            : facts.source === "own"
              ? "self-signed"
              : (current?.row?.source ?? "upload"),
      since: use === undefined || facts?.source === "file" ? null : timestamp(use.since),
      canRollBack: facts?.source !== "file" && (before !== undefined || current?.row != null),
      isRenewed: acme.agreed && acme.hosts.includes(host),
      services: services.map((name) => ({ name, covered: keeper.covers(host, name) })),
    };
  };

  const keyOf = (host: string, chain: string, key: string | null): string | Promise<string> =>
    key ?? keeper.requestedKey(host, chain);

  return {
    async list() {
      const names = Object.keys(policy.document.hosts).toSorted();
      return { items: await Promise.all(names.map(describe)), acme: policy.document.operations.acme };
    },

    async check({ host: text, chain, key }) {
      const host = nameOf(text);
      const after = keeper.preview(host, chain, await keyOf(host, chain, key));
      return { before: factsOf(keeper, host), after: facts(after) };
    },

    async upload({ host: text, chain, key }, call) {
      const host = nameOf(text);
      const before = keeper.describe(host)?.fingerprint256 ?? null;
      await keeper.install([host], chain, await keyOf(host, chain, key), { source: "upload", author: call.author });
      call.note(host, { before, after: keeper.describe(host)?.fingerprint256 ?? null });
      return describe(host);
    },

    async history({ host: text }) {
      const uses = await keeper.history(nameOf(text), maxHistory);
      return {
        items: uses.map(({ since, author, row }) => {
          const certificate = row === null ? null : new X509Certificate(row.chain);
          return {
            since: timestamp(since),
            author,
            source: row?.source ?? "self-signed",
            fingerprint: certificate?.fingerprint256 ?? null,
            notAfter: certificate === null ? null : timestamp(certificate.validToDate.getTime()),
          };
        }),
      };
    },

    async rollback({ host: text }, call) {
      const host = nameOf(text);
      const before = keeper.describe(host)?.fingerprint256 ?? null;
      await keeper.rollBack(host, call.author);
      call.note(host, { before, after: keeper.describe(host)?.fingerprint256 ?? null });
      return describe(host);
    },

    async selfSign({ host: text }, call) {
      const host = nameOf(text);
      await keeper.useOwn(host, call.author);
      call.note(host, { after: keeper.describe(host)?.fingerprint256 ?? null });
      return describe(host);
    },

    async request({ host: text, names }) {
      const host = nameOf(text);
      const ascii = names.map((name, index) => {
        const converted = domainToASCII(name.replace(/^\*\./, ""));
        if (converted === "") throw badInput(`names[${index}]`, "no-domain-name");
        return name.startsWith("*.") ? `*.${converted}` : converted;
      });
      return { csr: await keeper.request(host, ascii) };
    },

    order: async ({ host }) => orderOf(await orders.begin(nameOf(host))),

    orders: async () => ({ items: (await orders.list(maxOrders)).map(orderOf) }),

    terms: async ({ directory }) => ({ url: (await authorityOf(directory)).terms }),

    async setAcme({ acme, comment }, call) {
      for (const [index, host] of acme.hosts.entries())
        if (own(policy.document.hosts, host) === undefined) throw badInput(`acme.hosts[${index}]`, "not-served");
      const { revision } = await revise(admin, call, { comment }, (draft) => {
        draft.operations.acme = acme;
      });
      return { revision };
    },
  };
}

/** A host's certificate in short; null: there is none yet. */
export function certificateSummary(keeper: CertificateKeeper, host: string): HostSummary["certificate"] {
  const described = keeper.describe(host);
  if (described === null) return null;
  const { subject, notAfter, isSelfSigned, covers } = described;
  return { subject, notAfter: timestamp(notAfter), selfSigned: isSelfSigned, covers };
}

function factsOf(keeper: CertificateKeeper, host: string): CertificateFacts | null {
  const described = keeper.describe(host);
  return described === null ? null : facts(described);
}

function facts(described: NonNullable<ReturnType<CertificateKeeper["describe"]>>): CertificateFacts {
  const { subject, issuer, names, notBefore, notAfter, fingerprint256, keyType, chain, covers } = described;
  return {
    subject,
    issuer,
    names: [...names],
    notBefore: timestamp(notBefore),
    notAfter: timestamp(notAfter),
    fingerprint: fingerprint256,
    keyType,
    chain,
    covers,
  };
}

function orderOf({ id, names, state, createdAt, steps }: OrderRow): CertificateOrder {
  return {
    id,
    names: [...names],
    state,
    createdAt: timestamp(createdAt),
    steps: steps.map((step) => ({ ...step, at: timestamp(step.at) })),
  };
}
