"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { api } from "@/lib/api/client.ts";
import type { Backup } from "@/lib/contracts/backups.ts";
import { cn } from "@/lib/format/cn.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { PassphraseField } from "./passphrase-field.tsx";

const shown = [
  "accounts",
  "contacts",
  "messages",
  "rooms",
  "devices",
  "files",
  "forwards",
  "revisions",
  "audit",
] as const;

/** Everything is replaced: what there is beside what there would be, and the name of a host to be typed. */
export function RestoreDialog({ backup, onClose }: { backup: Backup | null; onClose: () => void }) {
  const t = useTranslations("backups");
  const { comma } = useJoints();
  const [passphrase, setPassphrase] = useState("");
  const id = backup?.id ?? "";
  const preview = useQuery(
    api.backups.preview.queryOptions({ input: { id }, enabled: backup !== null, retry: false, staleTime: 0 }),
  );
  const restore = useMutation(api.backups.restore.mutationOptions({ meta: { inline: true } }));
  const confirm = preview.data?.confirm ?? "";
  return (
    <ConfirmDialog
      open={backup !== null}
      onOpenChange={(open) => {
        if (open) return;
        setPassphrase("");
        onClose();
      }}
      title={t("restoreTitle")}
      text={t("restoreText")}
      confirm={t("restore").replace("…", "")}
      danger
      isDisabled={!preview.data}
      {...(preview.data ? { typed: confirm } : {})}
      onConfirm={async () => {
        await restore.mutateAsync({ id, confirm, passphrase: passphrase === "" ? null : passphrase });
        toast.success(t("restored"));
      }}
    >
      {preview.isError ? <ProblemBanner error={preview.error} /> : null}
      {preview.data ? (
        <>
          <Counts before={preview.data.before.counts} after={preview.data.backup.counts} />
          <p className="text-ink-2">
            {t("restoreHosts", {
              before: visible(preview.data.before.hosts.join(comma) || "—"),
              after: visible(preview.data.backup.hosts.join(comma) || "—"),
            })}
          </p>
          {preview.data.backup.uploads === null ? <Banner>{t("uploadsStay")}</Banner> : null}
          {preview.data.opensSecrets ? null : <Banner tone="warn">{t("secretsLost")}</Banner>}
        </>
      ) : null}
      {backup?.encrypted ? (
        <PassphraseField value={passphrase} help={t("passphraseKept")} onChange={setPassphrase} />
      ) : null}
      <Equivalent
        command={commandLine("nightpost", "backup", "restore", id, "--confirm", confirm)}
        method="POST"
        path={`/backups/${id}/restore`}
        body={{ confirm }}
      />
    </ConfirmDialog>
  );
}

function Counts({ before, after }: { before: Record<string, number>; after: Record<string, number> }) {
  const t = useTranslations("backups");
  const format = useFormatter();
  return (
    <table className="w-full border-collapse text-left">
      <thead>
        <tr className="border-b border-line text-meta text-ink-3">
          <th scope="col" className="h-8 font-medium">
            {t("what")}
          </th>
          <th scope="col" className="h-8 text-right font-medium">
            {t("now")}
          </th>
          <th scope="col" className="h-8 text-right font-medium">
            {t("later")}
          </th>
          <th scope="col" className="h-8 w-24 text-right font-medium">
            {t("difference")}
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map((name) => {
          const [now, then] = [before[name] ?? 0, after[name] ?? 0];
          const change = then - now;
          return (
            <tr key={name} className="border-b border-line last:border-b-0">
              <th scope="row" className="h-7 font-normal text-ink-2">
                {t(`counts.${name}`)}
              </th>
              <td className="text-right tabular-nums">{format.number(now)}</td>
              <td className="text-right tabular-nums">{format.number(then)}</td>
              <td className={cn("text-right tabular-nums", change < 0 ? "font-medium text-err" : "text-ink-3")}>
                {change === 0 ? "—" : format.number(change, { signDisplay: "always" })}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
