"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Facts } from "@/components/kit/facts.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Dialog, DialogBody } from "@/components/ui/dialog.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { api } from "@/lib/api/client.ts";
import type { RegistrationDecision } from "@/lib/contracts/registration.ts";
import { visible } from "@/lib/format/visible.ts";
import { VerdictLine } from "./verdict-line.tsx";

/** What decided then, and what the policy would say now. */
export function WhyDialog({ decision, onClose }: { decision: RegistrationDecision; onClose: () => void }) {
  const t = useTranslations("registration");
  const sources = useTranslations("users.via");
  const { jid, host, address, at, source, verdict } = decision;
  const local = jid.slice(0, jid.lastIndexOf("@"));
  const now = useQuery(
    api.registration.test.queryOptions({ input: { host, address, local }, staleTime: 0, retry: false }),
  );
  const rule = verdict.code === "access-rule" ? (/^(\w[\w-]*)/.exec(verdict.line)?.[1] ?? null) : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("whyTitle")}
      description={t(`whyTexts.${verdict.code}`)}
      size="md"
    >
      <DialogBody>
        <Facts
          className="lg:grid-cols-2"
          facts={[
            [t("columns.jid"), <JidText key="jid" jid={jid} />],
            [t("columns.address"), <bdi key="address">{visible(address)}</bdi>],
            [t("columns.source"), sources(source)],
            [t("columns.at"), <TimeText key="at" at={at} as="full" />],
          ]}
        />
        <section>
          <h3 className="mb-1 font-medium">{t("decidedThen")}</h3>
          <VerdictLine verdict={verdict} />
          {rule ? (
            <Link
              href={`/access?tab=why&rule=${encodeURIComponent(rule)}&jid=${encodeURIComponent(jid)}&ip=${encodeURIComponent(address)}`}
              className="mt-1 inline-block text-meta text-accent underline-offset-2 hover:underline"
            >
              {t("whyRule", { rule })}
            </Link>
          ) : null}
        </section>
        <section>
          <h3 className="mb-1 font-medium">{t("decidedNow")}</h3>
          <QueryView query={now} skeleton={<Skeleton className="h-16 w-full" />}>
            {(data) => <VerdictLine verdict={data} />}
          </QueryView>
        </section>
      </DialogBody>
    </Dialog>
  );
}
