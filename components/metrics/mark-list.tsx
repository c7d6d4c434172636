"use client";

import { useTranslations } from "use-intl";
import { useActorText } from "@/components/kit/audit-words.ts";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useRefusal } from "@/components/kit/use-refusal.ts";
import { Panel } from "@/components/ui/panel.tsx";
import type { MetricBoard } from "@/lib/contracts/metrics.ts";
import { visible } from "@/lib/format/visible.ts";

/** What the hairlines in the charts stand for, newest first. */
export function MarkList({ marks }: { marks: MetricBoard["marks"] }) {
  const t = useTranslations("metrics");
  const refusal = useRefusal();
  const actorText = useActorText();
  if (marks.length === 0) return null;
  return (
    <Panel title={t("marks")} flush>
      <ul className="divide-y divide-line">
        {marks.toReversed().map(({ at, kind, text, author, comment = "", ...said }) => (
          <li key={`${at} ${kind}`} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-2">
            <span className={kind === "start" ? "w-32 text-ink-2" : "w-32 text-violet"}>{t(`markKinds.${kind}`)}</span>
            <bdi className="min-w-0 flex-1 basis-60 wrap-anywhere">
              {author === undefined ? visible(text) : markText(actorText(author), refusal(said) ?? visible(comment))}
            </bdi>
            <span className="text-meta text-ink-3">
              <TimeText at={at} as="full" />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const markText = (author: string, comment: string): string => (comment === "" ? author : `${author} · ${comment}`);
