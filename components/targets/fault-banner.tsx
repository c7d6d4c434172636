"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { api } from "@/lib/api/client.ts";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { useTimes } from "@/lib/format/use-times.ts";

/** Nothing is sent: the provider refuses the settings, or the web server said that it is gone. What it said, and the two ways on. */
export function FaultBanner({ target, onEdit }: { target: TargetHealth; onEdit: () => void }) {
  const t = useTranslations("targets");
  const sentence = useSentence();
  const times = useTimes();
  const resume = useMutation(api.forward.pauseTarget.mutationOptions());
  const { name, fault, goneSince } = target;
  if (fault === null && goneSince === null) return null;
  const resumeQueue = async () => {
    await resume.mutateAsync({ name, paused: false });
    toast.success(t("resumed", { name }));
  };
  return (
    <Banner
      tone="err"
      action={
        <span className="flex flex-wrap gap-1.5">
          <Button size="sm" onClick={onEdit}>
            {t("faultEdit")}
          </Button>
          <Button size="sm" disabled={resume.isPending} onClick={() => void resumeQueue().catch(() => undefined)}>
            {t("resumeAction")}
          </Button>
        </span>
      }
    >
      <strong className="font-medium">
        {fault === null
          ? t("gone", { name, time: times.relative(goneSince!) })
          : t("fault", { provider: t(`kinds.${target.target.kind}`), name, time: times.relative(fault.since) })}
      </strong>
      <SentenceGap />
      {fault === null ? null : <bdi className="text-ink-2">{sentence(fault.detail)}</bdi>}
      <span className="block text-meta text-ink-2">
        {t(fault === null ? "goneText" : "faultText", { count: target.backlog })}
      </span>
    </Banner>
  );
}
