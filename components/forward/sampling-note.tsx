"use client";

import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import type { Sampled } from "@/lib/api/sampled-out.ts";
import { forwardStates } from "@/lib/contracts/words.ts";

interface Props {
  sampled: Sampled | null;
  isFollowing: boolean;
  isComplete: boolean;
  onChange: (isComplete: boolean) => void;
}

/** Says that more happens than is shown, how much of what, and how to see all of it. */
export function SamplingNote({ sampled: now, isFollowing, isComplete, onChange }: Props) {
  const t = useTranslations("forward");
  const [sampled, setSampled] = useState(now);
  // Below somebody who reads, the list must not move: the note neither comes nor goes.
  const maySwitch = isFollowing || (sampled !== null && now !== null);
  if (maySwitch && sampled !== now) setSampled(now);
  if (isComplete)
    return (
      <Note text={t("complete")} tone="border-line bg-surface">
        <Button size="sm" onClick={() => onChange(false)}>
          {t("sampleAgain")}
        </Button>
      </Note>
    );
  if (sampled === null) return null;
  const counts = forwardStates.flatMap((state) => {
    const count = sampled.outcomes[state] ?? 0;
    return count > 0 ? [t("sampledState", { state: t(`states.${state}`), count })] : [];
  });
  return (
    <Note
      text={t("sampled", { oneIn: sampled.oneIn, perSecond: sampled.perSecond })}
      detail={counts.join(" · ")}
      hint={t("sampledHint")}
      tone="border-warn/40 bg-warn-soft"
    >
      <Button size="sm" onClick={() => onChange(true)}>
        {t("showAll")}
      </Button>
    </Note>
  );
}

interface NoteProps {
  text: string;
  detail?: string;
  hint?: string;
  tone: string;
  children: ReactNode;
}

function Note({ text, detail, hint, tone, children }: NoteProps) {
  return (
    <section className={`flex flex-wrap items-center gap-x-4 gap-y-1 rounded-control border px-3 py-1.5 ${tone}`}>
      <span className="font-medium">{text}</span>
      {detail ? <span className="font-mono text-meta">{detail}</span> : null}
      {hint ? <span className="text-meta text-ink-2">{hint}</span> : null}
      <span className="ml-auto">{children}</span>
    </section>
  );
}
