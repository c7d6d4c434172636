"use client";

import { CircleAlert, CircleCheck } from "lucide-react";
import { useTranslations } from "use-intl";
import { JidText } from "@/components/kit/jid-text.tsx";
import type { NameCheck } from "@/lib/contracts/users.ts";
import { cn } from "@/lib/format/cn.ts";
import { codePointText } from "@/lib/format/code-point.ts";

/** What becomes of a user name, and whether somebody has it; or which character breaks which rule. */
export function NameVerdict({ check, typed }: { check: NameCheck; typed: string }) {
  const t = useTranslations("newUser");
  const { jid, fault, holder } = check;
  const isGood = jid !== null && holder === null;
  // An admin may make the account all the same.
  const tone = isGood ? "text-ok" : holder !== null && holder !== "account" ? "text-warn" : "text-err";
  const Icon = isGood ? CircleCheck : CircleAlert;
  return (
    <span className={cn("flex gap-1.5", tone)}>
      <Icon aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span className="min-w-0 wrap-anywhere">
        {fault === null
          ? t.rich(`name.${wordOf(holder, jid?.startsWith(`${typed}@`) ?? false)}`, {
              jid: () => <JidText jid={jid ?? ""} />,
            })
          : t.rich(`fault.${fault.rule}`, {
              char: () => <bdi className="font-medium whitespace-nowrap">{codePointText(fault.char ?? "")}</bdi>,
            })}
      </span>
    </span>
  );
}

function wordOf(holder: NameCheck["holder"], isAsTyped: boolean) {
  if (holder === null) return isAsTyped ? "free" : "becomes";
  if (holder === "account") return isAsTyped ? "account" : "becomesAccount";
  if (holder === "application") return isAsTyped ? "application" : "becomesApplication";
  return isAsTyped ? "invite" : "becomesInvite";
}
