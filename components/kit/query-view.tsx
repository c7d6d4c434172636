"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { useProblemText } from "./problem-text.ts";
import { ErrorState } from "./states.tsx";

interface Props<T> {
  query: UseQueryResult<T>;
  /** In the geometry of what comes. */
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}

/** A read in its states. When a refresh fails, the older data stays, marked. */
export function QueryView<T>({ query, skeleton, children }: Props<T>) {
  const t = useTranslations();
  const problemText = useProblemText();
  const retry = () => void query.refetch();
  if (query.data !== undefined) {
    return (
      <>
        {query.isError ? (
          <Banner
            tone="warn"
            className="mb-3"
            action={
              <Button size="sm" onClick={retry}>
                {t("common.retry")}
              </Button>
            }
          >
            {t("errors.stale", { reason: problemText(query.error) })}
          </Banner>
        ) : null}
        {children(query.data)}
      </>
    );
  }
  if (query.isError) return <ErrorState error={query.error} onRetry={retry} />;
  return (
    <div role="status" aria-busy="true">
      <span className="sr-only">{t("common.loading")}</span>
      {skeleton}
    </div>
  );
}
