"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { DataTable } from "@/components/kit/data-table.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { May } from "@/components/kit/may.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Badge } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { api } from "@/lib/api/client.ts";
import type { Module, ModuleOnHost } from "@/lib/contracts/modules.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { stateOnHost, tones, useRegisteredText } from "./module-words.tsx";

/** Rows that are told at once, of a server with hosts by the thousand. */
const shownAtFirst = 50;

/** What is out of order comes first, then what is otherwise than elsewhere. */
const weightOf = (one: ModuleOnHost): number =>
  (stateOnHost(one) === "failed" ? 4 : 0) + (one.faults.errors > 0 ? 2 : 0) + (one.inherited ? 0 : 1);

/** A module on each host: does it run, since when, with what registered, and what went wrong. */
export function HostTable({ module: { name, hosts } }: { module: Module }) {
  const t = useTranslations("modules");
  const sentence = useSentence();
  const format = useFormatter();
  const registeredText = useRegisteredText();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole
    ? hosts
    : hosts.toSorted((one, other) => weightOf(other) - weightOf(one)).slice(0, shownAtFirst);
  const [restarting, setRestarting] = useState<string | null>(null);
  const restart = useMutation(api.modules.restart.mutationOptions({ meta: { inline: true } }));
  return (
    <>
      <DataTable
        label={t("hosts")}
        rows={shown}
        rowKey={({ host }) => host}
        columns={[
          {
            id: "host",
            header: t("host"),
            render: ({ host, inherited }) => (
              <span className="inline-flex items-center gap-2">
                <bdi>{host}</bdi>
                {inherited ? null : <Badge tone="accent">{t("ownSetting")}</Badge>}
              </span>
            ),
          },
          {
            id: "state",
            header: t("state"),
            render: (one) => <Badge tone={tones[stateOnHost(one)]}>{t(`states.${stateOnHost(one)}`)}</Badge>,
          },
          {
            id: "since",
            header: t("runningSince"),
            render: ({ running, error }) =>
              running ? (
                <TimeText at={running.since} />
              ) : (
                <bdi className="text-err">{error === null ? "" : sentence(error)}</bdi>
              ),
          },
          {
            id: "registered",
            header: t("registered"),
            className: "max-w-md",
            render: ({ running }) => (
              <span className="text-meta text-ink-2">{running ? registeredText(running.registered) : "—"}</span>
            ),
          },
          {
            id: "errors",
            header: t("columns.errors"),
            isNumber: true,
            render: ({ host, faults }) =>
              faults.errors + faults.warnings === 0 ? (
                <span className="text-ink-3">0</span>
              ) : (
                <Link
                  href={`/log?module=${encodeURIComponent(name)}&host=${encodeURIComponent(host)}&level=warn`}
                  title={t("openLog")}
                  className="text-accent underline-offset-2 hover:underline"
                >
                  {format.number(faults.errors)}
                  {faults.warnings > 0 ? ` + ${format.number(faults.warnings)}` : ""}
                </Link>
              ),
          },
          {
            id: "restart",
            header: t("restart"),
            isBare: true,
            isNumber: true,
            render: ({ host, enabled }) =>
              enabled ? (
                <May call="modules.restart" host={host}>
                  <Button size="sm" onClick={() => setRestarting(host)}>
                    {t("restart")}
                  </Button>
                </May>
              ) : null,
          },
        ]}
      />
      {shown.length < hosts.length ? (
        <p className="flex items-center justify-between gap-3 border-t border-line px-4 py-2 text-meta text-ink-3">
          {t("hostsShown", { shown: shown.length, count: hosts.length })}
          <Button size="sm" onClick={() => setWhole(true)}>
            {t("showAllHosts")}
          </Button>
        </p>
      ) : null}
      <ConfirmDialog
        open={restarting !== null}
        onOpenChange={(next) => !next && setRestarting(null)}
        title={t("restartTitle", { name, host: restarting ?? "" })}
        text={t("restartText")}
        confirm={t("restartConfirm")}
        danger
        onConfirm={async () => {
          const { dropped, tookMs, error } = await restart.mutateAsync({ name, host: restarting ?? "" });
          if (error !== null) throw new Error(t("restartFailed", { name, error: sentence(error) }));
          const what = dropped === null ? t("nothing") : registeredText(dropped);
          toast.success(t("restarted", { name, ms: format.number(Math.round(tookMs * 10) / 10), what }), {
            duration: 15_000,
          });
        }}
      >
        <Equivalent
          command={commandLine("nightpost", "module", "restart", name, "--host", restarting ?? "HOST")}
          method="POST"
          path={`/modules/${name}/restart`}
          body={{ host: restarting }}
        />
      </ConfirmDialog>
    </>
  );
}
