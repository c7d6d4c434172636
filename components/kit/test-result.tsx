"use client";

import { useTranslations } from "use-intl";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import type { ForwardAttempt } from "@/lib/contracts/forward-event.ts";
import type { TargetKind } from "@/lib/contracts/forward-target.ts";
import { AttemptCard } from "./attempt-card.tsx";
import { PayloadView } from "./payload-view.tsx";
import { ProblemBanner } from "./problem-banner.tsx";

interface Props {
  test: { isPending: boolean; error: Error | null; data: (ForwardAttempt & { payload: string }) | undefined };
  kind?: TargetKind;
}

/** A test on its way, its error, or its attempt with what was sent. */
export function TestResult({ test: { isPending, error, data }, kind = "webhook" }: Props) {
  const t = useTranslations();
  return (
    <div aria-live="polite" aria-busy={isPending}>
      {isPending ? (
        <div className="flex flex-col gap-3">
          <span className="text-ink-2">{t("targets.testing")}</span>
          <Skeleton className="w-2/3" />
          <Skeleton className="w-full" />
          <Skeleton className="w-1/2" />
        </div>
      ) : null}
      {error ? <ProblemBanner error={error} /> : null}
      {data && !isPending ? (
        <div className="flex flex-col gap-4">
          <ol>
            <AttemptCard attempt={data} kind={kind} isOpen />
          </ol>
          <section>
            <h3 className="mb-1 text-meta text-ink-3">{t("forward.body")}</h3>
            <PayloadView text={data.payload} contentType={contentTypeOf(data.request.headers)} />
          </section>
        </div>
      ) : null}
    </div>
  );
}

const contentTypeOf = (headers: [string, string][]): string =>
  headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
