import type { Element } from "../../xmpp/element.ts";
import { SaslError } from "./mechanism.ts";
import { NS_SASL2 } from "./namespaces.ts";

/** What a client says of itself, with its id as it told it (XEP-0388 2.5). */
export interface UserAgent {
  /** In lower case; null: it has told none. */
  readonly agentId: string | null;
  readonly software: string | null;
  readonly device: string | null;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Characters kept of a description: enough for people, and nobody fills the store with it. */
const maxLength = 100;

/** Throws SaslError for an id that is no UUID. */
export function readUserAgent(request: Element): UserAgent {
  const element = request.child("user-agent", NS_SASL2);
  const agentId = element?.attr("id")?.toLowerCase() ?? null;
  if (agentId !== null && !uuid.test(agentId)) throw new SaslError("malformed-request", "the id is not a UUID");
  return {
    agentId,
    software: description(element?.childText("software")),
    device: description(element?.childText("device")),
  };
}

function description(text = ""): string | null {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return line === "" ? null : Array.from(line).slice(0, maxLength).join("");
}
