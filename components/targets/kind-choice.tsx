"use client";

import { RadioGroup } from "radix-ui";
import { useTranslations } from "use-intl";
import { TargetKindIcon, targetKinds } from "@/components/kit/target-kind.tsx";
import type { TargetKind } from "@/lib/contracts/forward-target.ts";

/** What kind of target is to be added: each with a sentence. */
export function KindChoice({ value, onChange }: { value: TargetKind; onChange: (kind: TargetKind) => void }) {
  const t = useTranslations("targets");
  return (
    <RadioGroup.Root
      aria-label={t("kind")}
      value={value}
      onValueChange={(next) => onChange(targetKinds.find((kind) => kind === next) ?? "webhook")}
      className="grid gap-2 sm:grid-cols-2"
    >
      {targetKinds.map((kind) => (
        <RadioGroup.Item
          key={kind}
          value={kind}
          className="flex gap-2.5 rounded-control first:sm:col-span-2 border border-line px-3 py-2 text-left hover:border-line-strong data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
        >
          <TargetKindIcon kind={kind} className="mt-0.5 size-4 shrink-0 text-ink-2" />
          <span className="min-w-0">
            <span className="block font-medium">{t(`kinds.${kind}`)}</span>
            <span className="block text-meta text-ink-3">{t(`kindTexts.${kind}`)}</span>
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
