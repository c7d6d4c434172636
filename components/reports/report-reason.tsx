"use client";

import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge.tsx";
import { visible } from "@/lib/format/visible.ts";

const known = ["spam", "abuse"] as const;

/** `urn:xmpp:reporting:spam` in the reader's words; a reason that is not registered as it is. */
export function ReportReason({ reason }: { reason: string }) {
  const t = useTranslations("reports");
  const name = known.find((each) => reason === `urn:xmpp:reporting:${each}`);
  return (
    <Badge tone={name === "abuse" ? "err" : "warn"}>
      {name === undefined ? visible(reason) : t(`reasons.${name}`)}
    </Badge>
  );
}
