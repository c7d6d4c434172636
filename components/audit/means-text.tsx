"use client";

import { useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import type { AuditMeans } from "@/lib/contracts/server.ts";
import { browserName } from "@/lib/format/browser-name.ts";
import { visible } from "@/lib/format/visible.ts";

/** "owner" or "API key": in which capacity somebody acted. */
export function useCapacity(): (means: AuditMeans | null) => string | null {
  const t = useTranslations("audit.means");
  const { comma } = useJoints();
  return (means) => {
    if (means === null || means.kind === "nobody") return null;
    if (means.kind !== "account") return t(means.kind);
    return means.roles.length === 0 ? t("account") : visible(means.roles.join(comma));
  };
}

/** "Firefox 143 · Linux", and on asking the whole User-Agent. */
export function AgentName({ means }: { means: AuditMeans | null }) {
  if (!means || means.userAgent === "") return null;
  return <bdi title={visible(means.userAgent)}>{visible(browserName(means.userAgent))}</bdi>;
}
