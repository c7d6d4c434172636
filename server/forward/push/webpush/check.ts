import type { WebPushTarget } from "../../../../lib/contracts/forward-target.ts";
import { remark, type Remark } from "../../../../lib/contracts/remarks.ts";
import { type CheckedTarget, targetProblem } from "../../target-problem.ts";
import { secretMask } from "../../target-secrets.ts";
import { VapidKeyError, vapidPublicKey } from "./vapid.ts";

/** RFC 2606, RFC 6761 6, RFC 6762 and RFC 8375: names that nobody can write to, which Apple refuses (403 BadJwtToken). */
const nobodysNames = /(?:^|\.)(?:localhost|invalid|test|example|local|internal|lan|onion|home\.arpa)$/;
const hostName = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** What is wrong with the settings, and the public key for browsers. A mask in place of the key is not looked into. */
export function checkWebPush({
  privateKey,
  contact,
  services,
}: Pick<WebPushTarget, "privateKey" | "contact" | "services">): CheckedTarget {
  const { problems, facts }: CheckedTarget = { problems: [], facts: [] };
  const problem = (field: string, said: Remark | null): void => {
    if (said !== null) problems.push(targetProblem(field, said));
  };
  if (privateKey === "") facts.push(["VAPID key", "made when the target is saved"]);
  else if (privateKey !== secretMask) {
    try {
      facts.push(["VAPID public key", vapidPublicKey(privateKey)], ["curve", "P-256"]);
    } catch (error) {
      if (!(error instanceof VapidKeyError)) throw error;
      problem("privateKey", otherKey(privateKey) ?? error.said);
    }
  }
  problem("contact", problemOfContact(contact));
  for (const service of services) problem("services", problemOfService(service));
  return { problems, facts };
}

// A contact is limited to 64 characters by the contract, so a longer text arrives cut.
function otherKey(text: string): Remark | null {
  const trimmed = text.trim();
  if (trimmed.startsWith("-----BEGIN")) return remark("vapid-pem");
  if (trimmed.startsWith("{")) return remark("vapid-json");
  if (/[+/]/.test(trimmed)) return remark("vapid-base64");
  const bytes = Buffer.from(trimmed, "base64url");
  if (trimmed.length > 43 && bytes[0] === 4) return remark("vapid-public");
  return trimmed === text ? null : remark("vapid-blanks");
}

function problemOfContact(contact: string): Remark | null {
  const url = URL.parse(contact);
  if (url === null) return remark("contact-form");
  const name = url.protocol === "mailto:" ? url.pathname.slice(url.pathname.lastIndexOf("@") + 1) : url.hostname;
  const host = name.toLowerCase().replace(/\.$/, "");
  if (!host.includes(".") || nobodysNames.test(host)) return remark("contact-nobodys", { host });
  return /^[\d.]+$/.test(host) || host.startsWith("[") ? remark("contact-address") : null;
}

function problemOfService(service: string): Remark | null {
  if (service.includes("/") || service.includes(":")) return remark("service-not-name-alone", { service });
  if (!hostName.test(service)) return remark("service-no-name", { service });
  return /^\*\.[^.]+$/.test(service) ? remark("service-too-wide", { service }) : null;
}
