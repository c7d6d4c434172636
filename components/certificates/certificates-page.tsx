"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { DataTable } from "@/components/kit/data-table.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { HostCertificate } from "@/lib/contracts/certificates.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { AcmePanel } from "./acme-panel.tsx";
import { useCertificateColumns } from "./certificate-columns.tsx";
import { CertificateDialog } from "./certificate-dialog.tsx";
import { OrdersPanel } from "./orders-panel.tsx";
import { RequestDialog } from "./request-dialog.tsx";
import { UploadDialog } from "./upload-dialog.tsx";

export type CertificateAct = "open" | "upload" | "request" | "order" | "rollback" | "selfSign";

export function CertificatesPage() {
  const t = useTranslations("certificates");
  const list = useQuery(api.certificates.list.queryOptions());
  const [act, setAct] = useState<{ name: CertificateAct; row: HostCertificate } | null>(null);
  const inline = { meta: { inline: true } };
  const order = useMutation(api.certificates.order.mutationOptions(inline));
  const rollback = useMutation(api.certificates.rollback.mutationOptions(inline));
  const selfSign = useMutation(api.certificates.selfSign.mutationOptions(inline));
  const columns = useCertificateColumns((name, row) => setAct({ name, row }));
  const host = act?.row.host ?? "";
  const close = () => setAct(null);
  const asks = {
    order: { run: () => order.mutateAsync({ host }), command: "order", path: "order" },
    rollback: { run: () => rollback.mutateAsync({ host }), command: "rollback", path: "rollback" },
    selfSign: { run: () => selfSign.mutateAsync({ host }), command: "self-sign", path: "self-signed" },
  } as const;
  const asked = act?.name === "order" || act?.name === "rollback" || act?.name === "selfSign" ? act.name : null;

  return (
    <Page title={t("title")}>
      <PageHeader title={t("title")} lead={t("lead")} />
      <Panel flush>
        <QueryView query={list} skeleton={<TableSkeleton rows={3} columns={6} />}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={t("empty")} text={t("emptyText")} command="nightpost host add example.org" />
            ) : (
              <DataTable
                name="certificates"
                label={t("title")}
                columns={columns}
                rows={items}
                rowKey={(row) => row.host}
              />
            )
          }
        </QueryView>
      </Panel>
      {list.data ? <AcmePanel acme={list.data.acme} hosts={list.data.items.map((row) => row.host)} /> : null}
      <OrdersPanel />
      <CertificateDialog row={act?.name === "open" ? act.row : null} onClose={close} />
      <UploadDialog row={act?.name === "upload" ? act.row : null} onClose={close} />
      <RequestDialog row={act?.name === "request" ? act.row : null} onClose={close} />
      {asked === null ? null : (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && close()}
          title={t(`ask.${asked}.title`, { host })}
          text={t(`ask.${asked}.text`)}
          confirm={t(`ask.${asked}.confirm`)}
          onConfirm={async () => {
            await asks[asked].run();
            toast.success(t(`ask.${asked}.done`, { host }));
          }}
        >
          <Equivalent
            command={commandLine("nightpost", "certificate", asks[asked].command, host)}
            method="POST"
            path={`/certificates/${encodeURIComponent(host)}/${asks[asked].path}`}
          />
        </ConfirmDialog>
      )}
    </Page>
  );
}
