"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound, Smartphone } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useHasPasskeys } from "@/lib/auth/use-has-passkeys.ts";
import type { Factor } from "@/lib/contracts/factors.ts";
import { visible } from "@/lib/format/visible.ts";
import { AddPasskeyDialog } from "./add-passkey-dialog.tsx";
import { AddTotpDialog } from "./add-totp-dialog.tsx";
import { PasswordDialog } from "./password-dialog.tsx";
import { RecoveryCodesDialog } from "./recovery-codes-dialog.tsx";

type Open = { kind: "totp" | "passkey" | "codes" } | { kind: "remove"; factor: Factor };

/** What this account proves itself with beside its password. */
export function FactorsPanel() {
  const t = useTranslations("factors");
  const factors = useQuery(api.factors.list.queryOptions());
  const [open, setOpen] = useState<Open | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const mayPasskey = useHasPasskeys();
  const inline = { meta: { inline: true } };
  const remove = useMutation(api.factors.remove.mutationOptions(inline));
  const renew = useMutation(api.factors.newRecoveryCodes.mutationOptions(inline));
  const close = () => setOpen(null);
  const added = (recoveryCodes: string[] | null) => {
    close();
    toast.success(t("added"));
    setCodes(recoveryCodes);
  };
  const removing = open?.kind === "remove" ? open.factor : null;

  return (
    <Panel
      flush
      title={t("title")}
      note={t("lead")}
      action={
        <>
          <Button size="sm" onClick={() => setOpen({ kind: "totp" })}>
            <Smartphone aria-hidden className="size-3.5" />
            {t("addTotp")}
          </Button>
          {mayPasskey ? (
            <Button size="sm" onClick={() => setOpen({ kind: "passkey" })}>
              <KeyRound aria-hidden className="size-3.5" />
              {t("addPasskey")}
            </Button>
          ) : null}
        </>
      }
    >
      <QueryView query={factors} skeleton={<TableSkeleton rows={2} columns={4} />}>
        {({ items, recoveryCodes, isRequired }) =>
          items.length === 0 ? (
            <EmptyState title={t("empty")} text={t(isRequired ? "required" : "emptyText")} />
          ) : (
            <>
              <DataTable
                label={t("title")}
                rows={items}
                rowKey={(factor) => factor.id}
                columns={[
                  {
                    id: "name",
                    header: t("columns.name"),
                    render: (factor) => <bdi className="font-medium wrap-anywhere">{visible(factor.name)}</bdi>,
                  },
                  { id: "kind", header: t("columns.kind"), render: (factor) => t(`kinds.${factor.kind}`) },
                  {
                    id: "added",
                    header: t("columns.added"),
                    render: (factor) => <TimeText at={factor.createdAt} />,
                  },
                  { id: "used", header: t("columns.used"), render: (factor) => <TimeText at={factor.lastUsedAt} /> },
                  {
                    id: "remove",
                    header: t("remove"),
                    isBare: true,
                    isNumber: true,
                    render: (factor) => (
                      <Button
                        size="sm"
                        variant="danger-quiet"
                        aria-label={t("removeTitle", { name: factor.name })}
                        onClick={() => setOpen({ kind: "remove", factor })}
                      >
                        {t("remove")}
                      </Button>
                    ),
                  },
                ]}
              />
              <div className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-2.5">
                {recoveryCodes < 4 ? (
                  <Banner tone="warn" className="flex-1">
                    {t("fewCodes", { count: recoveryCodes })}
                  </Banner>
                ) : (
                  <p className="flex-1 text-ink-2">{t("codesLeft", { count: recoveryCodes })}</p>
                )}
                <Button size="sm" onClick={() => setOpen({ kind: "codes" })}>
                  {t("newCodes")}
                </Button>
              </div>
            </>
          )
        }
      </QueryView>
      {open?.kind === "totp" ? <AddTotpDialog onClose={close} onAdded={added} /> : null}
      {open?.kind === "passkey" ? <AddPasskeyDialog onClose={close} onAdded={added} /> : null}
      <PasswordDialog
        open={removing !== null}
        onClose={close}
        title={t("removeTitle", { name: removing?.name ?? "" })}
        text={t("removeText")}
        confirm={t("remove")}
        danger
        onConfirm={async (password) => {
          await remove.mutateAsync({ id: removing?.id ?? "", password });
          toast.success(t("removed", { name: removing?.name ?? "" }));
        }}
      />
      <PasswordDialog
        open={open?.kind === "codes"}
        onClose={close}
        title={t("newCodes")}
        text={t("newCodesText")}
        confirm={t("newCodes")}
        onConfirm={async (password) => {
          const made = await renew.mutateAsync({ password });
          setCodes(made.recoveryCodes);
        }}
      />
      <RecoveryCodesDialog codes={codes} onClose={() => setCodes(null)} />
    </Panel>
  );
}
