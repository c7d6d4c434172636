import type { z } from "zod";
import type { TargetCheck } from "../../../../lib/contracts/simulation.ts";
import type { WebPushTarget } from "../../../../lib/contracts/forward-target.ts";
import { secretMask } from "../../target-secrets.ts";
import { VapidKeyError, vapidPublicKey } from "./vapid.ts";

/** RFC 2606, RFC 6761 6, RFC 6762 and RFC 8375: names that nobody can write to, which Apple refuses (403 BadJwtToken). */
const nobodysNames = /(?:^|\.)(?:localhost|invalid|test|example|local|internal|lan|onion|home\.arpa)$/;
const hostName = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

type Check = z.infer<typeof TargetCheck>;

/** What is wrong with the settings, and the public key for browsers. A mask in place of the key is not looked into. */
export function checkWebPush({
  privateKey,
  contact,
  services,
}: Pick<WebPushTarget, "privateKey" | "contact" | "services">): Check {
  const problems: Check["problems"] = [];
  const problem = (field: string, message: string | null): void => {
    if (message !== null) problems.push({ field, message, line: null, column: null });
  };
  const facts: Check["facts"] = [];
  if (privateKey === "") facts.push(["VAPID key", "made when the target is saved"]);
  else if (privateKey !== secretMask) {
    try {
      facts.push(["VAPID public key", vapidPublicKey(privateKey)], ["curve", "P-256"]);
    } catch (error) {
      if (!(error instanceof VapidKeyError)) throw error;
      problem("privateKey", otherKey(privateKey) ?? error.message);
    }
  }
  problem("contact", problemOfContact(contact));
  for (const service of services) problem("services", problemOfService(service));
  return { problems, facts };
}

// A contact is limited to 64 characters by the contract, so a longer text arrives cut.
function otherKey(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed.startsWith("-----BEGIN")) return "this is PEM: a VAPID key is base64url of 32 bytes, 43 characters";
  if (trimmed.startsWith("{")) return "this is JSON: of a JWK take what follows “d”";
  if (/[+/]/.test(trimmed)) return "this is base64: a VAPID key is base64url, with - and _ instead of + and /";
  const bytes = Buffer.from(trimmed, "base64url");
  if (trimmed.length > 43 && bytes[0] === 4) return "this is the public key: the private one has 43 characters";
  return trimmed === text ? null : "blanks or line ends before or after the key";
}

function problemOfContact(contact: string): string | null {
  const url = URL.parse(contact);
  if (url === null) return "mailto:… or https://… is needed";
  const name = url.protocol === "mailto:" ? url.pathname.slice(url.pathname.lastIndexOf("@") + 1) : url.hostname;
  const host = name.toLowerCase().replace(/\.$/, "");
  if (!host.includes(".") || nobodysNames.test(host)) {
    return `${host} does not exist for others: Apple refuses every push with such a contact (BadJwtToken)`;
  }
  return /^[\d.]+$/.test(host) || host.startsWith("[") ? "an address is no contact: a name is needed" : null;
}

function problemOfService(service: string): string | null {
  if (service.includes("/") || service.includes(":")) return `${service}: only the host name is needed`;
  if (!hostName.test(service)) return `${service} is no host name`;
  return /^\*\.[^.]+$/.test(service) ? `${service} would allow half of the Internet` : null;
}
