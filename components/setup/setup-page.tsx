"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import { Wizard } from "./wizard.tsx";

type OnDone = (host: string) => void;

/** The one-time page behind the link that the server prints while it has no admin; without the link, the rest for the admin. */
export function SetupPage() {
  const t = useTranslations("setup");
  const token = useSearchParams().get("token") ?? "";
  const [done, setDone] = useState<string | null>(null);
  const state = useQuery(api.setup.state.queryOptions({ input: { token }, refetchOnWindowFocus: false }));
  return (
    <Page title={t("title")}>
      <div className="mx-auto w-full max-w-[540px]">
        {done !== null ? (
          <Done host={done} />
        ) : (
          <QueryView query={state} skeleton={<TableSkeleton rows={6} columns={1} />}>
            {({ open, tokenValid, suggestedHost }) => {
              if (!open && token === "") return <Rest suggestedHost={suggestedHost} onDone={setDone} />;
              if (!open || !tokenValid) return <Closed kind={open ? "invalid" : "used"} />;
              return <Wizard token={token} isOpen suggestedHost={suggestedHost} onDone={setDone} />;
            }}
          </QueryView>
        )}
      </div>
    </Page>
  );
}

/** The steps that are taken as the admin. */
function Rest({ suggestedHost, onDone }: { suggestedHost: string; onDone: OnDone }) {
  const me = useQuery(api.auth.me.queryOptions({ retry: false }));
  const may = useMay();
  if (me.isPending) return <TableSkeleton rows={6} columns={1} />;
  if (!may("certificates.setAcme") || !may("registration.set") || !may("forward.setTarget"))
    return <Closed kind="used" />;
  return <Wizard token="" isOpen={false} suggestedHost={suggestedHost} onDone={onDone} />;
}

function Done({ host }: { host: string }) {
  const t = useTranslations("setup");
  return (
    <div role="status" className="flex flex-col items-start gap-3">
      <CircleCheck aria-hidden className="size-7 text-ok" />
      <h1 className="text-title font-semibold">{t("done")}</h1>
      <p className="text-ink-2">{t("doneText", { host })}</p>
      <Button asChild variant="primary" size="lg">
        <Link href="/">{t("toConsole")}</Link>
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
