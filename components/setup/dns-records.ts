import type { Finding } from "@/lib/contracts/doctor.ts";

/** The records that would mend what was found, a line each, as a zone file has them (RFC 1035 5.1). */
export function dnsRecords(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ code, values: { name, host, port, own = "" } }) => {
    switch (code) {
      case "address-missing":
        return own.split(", ").map((address) => `${host}. 3600 IN ${address.includes(":") ? "AAAA" : "A"} ${address}`);
      case "srv-missing":
      case "srv-missing-direct":
      case "srv-missing-needed":
        return [`${name}. 3600 IN SRV 5 0 ${port} ${host}.`];
      default:
        return [];
    }
  });
}
