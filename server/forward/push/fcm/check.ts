import type { FcmTarget } from "../../../../lib/contracts/forward-target.ts";
import { remark, remarkText } from "../../../../lib/contracts/remarks.ts";
import { remarkOnProvider } from "../../http/origins.ts";
import { type CheckedTarget, type TargetProblem, targetProblem } from "../../target-problem.ts";
import { secretMask } from "../../target-secrets.ts";
import { readServiceAccount, ServiceAccountError, type ServiceAccount } from "./service-account.ts";

/** What is wrong with the settings, and what is in the service account's file. A mask in its place is not looked into. */
export function checkFcm(target: Pick<FcmTarget, "serviceAccount" | "server" | "allowPrivate">): CheckedTarget {
  const { serviceAccount, server, allowPrivate } = target;
  const problems: TargetProblem[] = [];
  const refusal = server === null ? null : remarkOnProvider(server, allowPrivate);
  if (refusal !== null) problems.push(targetProblem("server", refusal));
  if (serviceAccount === secretMask) return { problems, facts: [] };
  try {
    const account = readServiceAccount(serviceAccount);
    const refused = remarkOnProvider(account.tokenUri, allowPrivate);
    if (refused !== null) {
      const said = remark("account-token-uri-refused", { reason: remarkText(refused) });
      problems.push(targetProblem("serviceAccount", said));
    }
    return { problems, facts: factsOf(account) };
  } catch (error) {
    if (!(error instanceof ServiceAccountError)) throw error;
    const { said, line, column } = error;
    return { problems: [...problems, targetProblem("serviceAccount", said, line, column)], facts: [] };
  }
}

function factsOf({ projectId, clientEmail, keyId, tokenUri }: ServiceAccount): [string, string][] {
  return [
    ["project", projectId],
    ["account", clientEmail],
    ...(keyId === null ? [] : [["key", keyId] as [string, string]]),
    ["tokens", tokenUri],
  ];
}
