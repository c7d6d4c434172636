"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { CircleCheck } from "lucide-react";
import { useTranslations } from "use-intl";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { Button } from "@/components/ui/button.tsx";
import { api } from "@/lib/api/client.ts";
import { Wizard } from "./wizard.tsx";

/** The one-time page behind the link that the server prints while it has no admin. */
export function SetupPage() {
  const t = useTranslations("setup");
  const token = useSearchParams().get("token") ?? "";
  const [done, setDone] = useState<{ jid: string; host: string } | null>(null);
  const state = useQuery(api.setup.state.queryOptions({ input: { token }, refetchOnWindowFocus: false }));
  return (
    <Page title={t("title")}>
      <div className="mx-auto w-full max-w-[460px]">
        {done ? (
          <Done {...done} />
        ) : (
          <QueryView query={state} skeleton={<TableSkeleton rows={6} columns={1} />}>
            {({ open, tokenValid, suggestedHost }) =>
              open && tokenValid ? (
                <Wizard token={token} suggestedHost={suggestedHost} onDone={(jid, host) => setDone({ jid, host })} />
              ) : (
                <Closed kind={open ? "invalid" : "used"} />
              )
            }
          </QueryView>
        )}
      </div>
    </Page>
  );
}

function Done({ jid, host }: { jid: string; host: string }) {
  const t = useTranslations("setup");
  return (
    <div role="status" className="flex flex-col items-start gap-3">
      <CircleCheck aria-hidden className="size-7 text-ok" />
      <h1 className="text-title font-semibold">{t("done")}</h1>
      <p className="text-ink-2">{t("doneText", { jid, host })}</p>
      <Button asChild variant="primary" size="lg">
        <Link href="/login">{t("toLogin")}</Link>
      </Button>
    </div>
  );
}

function Closed({ kind }: { kind: "used" | "invalid" }) {
  const t = useTranslations("setup");
  return (
    <div className="flex flex-col items-start gap-3">
      <h1 className="text-title font-semibold">{t(`${kind}.title`)}</h1>
      <p className="text-ink-2">{t(`${kind}.text`)}</p>
      {kind === "used" ? (
        <Button asChild>
          <Link href="/login">{t("toLogin")}</Link>
        </Button>
      ) : null}
    </div>
  );
}
