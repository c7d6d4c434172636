import type { z } from "zod";
import type { TargetCheck } from "../../../../lib/contracts/simulation.ts";
import type { FcmTarget } from "../../../../lib/contracts/forward-target.ts";
import { refusalOfProvider } from "../../http/origins.ts";
import { secretMask } from "../../target-secrets.ts";
import { readServiceAccount, ServiceAccountError, type ServiceAccount } from "./service-account.ts";

type Problem = z.infer<typeof TargetCheck>["problems"][number];

/** What is wrong with the settings, and what is in the service account's file. A mask in its place is not looked into. */
export function checkFcm(
  target: Pick<FcmTarget, "serviceAccount" | "server" | "allowPrivate">,
): z.infer<typeof TargetCheck> {
  const { serviceAccount, server, allowPrivate } = target;
  const problems: Problem[] = [];
  const refusal = server === null ? null : refusalOfProvider(server, allowPrivate);
  if (refusal !== null) problems.push({ field: "server", message: refusal, line: null, column: null });
  if (serviceAccount === secretMask) return { problems, facts: [] };
  try {
    const account = readServiceAccount(serviceAccount);
    const tokenRefusal = refusalOfProvider(account.tokenUri, allowPrivate);
    if (tokenRefusal !== null) problems.push(problemOf(new ServiceAccountError(`token_uri: ${tokenRefusal}`)));
    return { problems, facts: factsOf(account) };
  } catch (error) {
    if (!(error instanceof ServiceAccountError)) throw error;
    return { problems: [...problems, problemOf(error)], facts: [] };
  }
}

function problemOf({ message, line, column }: ServiceAccountError): Problem {
  return { field: "serviceAccount", message, line, column };
}

function factsOf({ projectId, clientEmail, keyId, tokenUri }: ServiceAccount): [string, string][] {
  return [
    ["project", projectId],
    ["account", clientEmail],
    ...(keyId === null ? [] : [["key", keyId] as [string, string]]),
    ["tokens", tokenUri],
  ];
}
