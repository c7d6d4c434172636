"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { OrdersPanel } from "@/components/certificates/orders-panel.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { api } from "@/lib/api/client.ts";
import type { HostCertificate } from "@/lib/contracts/certificates.ts";
import type { AcmePolicy } from "@/lib/contracts/operations-policy.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { CertificateNow } from "./certificate-now.tsx";
import { ChoiceList } from "./choice-list.tsx";
import { certificateChoices } from "./setup-values.ts";
import { StepFrame } from "./step-frame.tsx";
import type { StepProps } from "./step-props.ts";

const AcmeDialog = dynamic(() => import("@/components/certificates/acme-dialog.tsx").then((part) => part.AcmeDialog), {
  ssr: false,
});
const UploadDialog = dynamic(
  () => import("@/components/certificates/upload-dialog.tsx").then((part) => part.UploadDialog),
  { ssr: false },
);

const pollMs = 1_000;

/** Ordered, of one's own, or self-signed, which is what the server has made by itself. */
export function CertificateStep({ nav, values, onChange }: StepProps) {
  const t = useTranslations("setup.certificate");
  const orders = useQuery(
    api.certificates.orders.queryOptions({
      refetchInterval: ({ state }) => (state.data?.items[0]?.state === "running" ? pollMs : false),
    }),
  );
  const isOrdering = orders.data?.items[0]?.state === "running";
  const certificates = useQuery(api.certificates.list.queryOptions({ refetchInterval: isOrdering ? pollMs : false }));
  const order = useMutation(api.certificates.order.mutationOptions({ meta: { inline: true } }));
  const [open, setOpen] = useState<"acme" | "upload" | null>(null);
  const host = values.host.trim();
  const row = certificates.data?.items.find((each) => each.host === host);
  const choice = values.certificate;
  /** null: there is nothing to be done about it. */
  const toDo =
    isOrdering || row?.source === "file" || choice === "self-signed" || choice === row?.source ? null : choice;
  const close = () => setOpen(null);
  return (
    <>
      <StepFrame
        nav={nav}
        error={order.error}
        canSkip={toDo !== null}
        {...(toDo === null ? {} : { next: t(`do.${toDo}`) })}
        onSubmit={() => (toDo === null ? nav.onNext() : setOpen(toDo))}
      >
        <p className="text-ink-2">{t("text")}</p>
        <ChoiceList
          label={t("text")}
          value={choice}
          options={certificateChoices.map((value) => ({
            value,
            label: t(`choices.${value}`),
            text: t(`choiceTexts.${value}`, { host }),
          }))}
          onChange={(certificate) => onChange({ certificate })}
        />
        <QueryView query={certificates} skeleton={<TableSkeleton rows={1} columns={1} />}>
          {() => (row === undefined ? null : <CertificateNow row={row} />)}
        </QueryView>
        <OrdersPanel />
        {choice === "self-signed" ? (
          <Equivalent
            command={commandLine("nightpost", "certificate", "self-sign", host)}
            method="POST"
            path={`/certificates/${encodeURIComponent(host)}/self-signed`}
          />
        ) : null}
      </StepFrame>
      {row && open === "upload" ? <UploadDialog row={row} onClose={close} /> : null}
      {certificates.data && open === "acme" ? (
        <AcmeDialog
          open
          acme={withHost(certificates.data.acme, row)}
          hosts={[host]}
          onClose={close}
          onSaved={() => order.mutate({ host })}
        />
      ) : null}
    </>
  );
}

function withHost(acme: AcmePolicy, row: HostCertificate | undefined): AcmePolicy {
  if (row === undefined || acme.hosts.includes(row.host)) return acme;
  return { ...acme, hosts: [...acme.hosts, row.host] };
}
