"use client";

import { ArrowDownLeft, ArrowUpRight, Ellipsis, Lock, LockOpen } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { type Tone, toneText } from "@/components/ui/badge.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Menu, MenuItem } from "@/components/ui/menu.tsx";
import { useMay } from "@/lib/api/me.ts";
import type { Link } from "@/lib/contracts/links.ts";
import { visible } from "@/lib/format/visible.ts";

const tones: Record<Link["state"], Tone> = {
  idle: "neutral",
  connecting: "accent",
  negotiating: "accent",
  unproved: "neutral",
  open: "ok",
  waiting: "warn",
};

interface Props {
  links: readonly Link[];
  onRetry: (link: Link) => void;
  onClose: (link: Link) => void;
}

export function LinkTable({ links, onRetry, onClose }: Props) {
  const t = useTranslations();
  const { colon } = useJoints();
  const format = useFormatter();
  const may = useMay();
  const columns: Column<Link>[] = [
    { id: "remote", header: t("links.columns.remote"), render: (link) => <Remote link={link} /> },
    {
      id: "local",
      header: t("links.columns.local"),
      render: ({ local }) => <bdi className="wrap-anywhere">{local}</bdi>,
    },
    { id: "state", header: t("links.columns.state"), render: (link) => <State link={link} /> },
    { id: "security", header: t("links.columns.security"), render: (link) => <Security link={link} /> },
    {
      id: "traffic",
      header: t("links.columns.traffic"),
      isNumber: true,
      render: ({ sent, received }) => `${format.number(sent)} / ${format.number(received)}`,
    },
    {
      id: "queued",
      header: t("links.columns.queued"),
      isNumber: true,
      render: ({ queued }) => (queued.stanzas === 0 ? "—" : format.number(queued.stanzas)),
    },
    { id: "error", header: t("links.columns.error"), render: (link) => <LastError link={link} /> },
  ];
  if (may("links.close")) {
    columns.push({
      id: "actions",
      header: t("common.actions"),
      isBare: true,
      isNumber: true,
      render: (link) => (
        <Menu
          trigger={
            <IconButton label={`${t("common.more")}${colon}${link.remote ?? t("links.unknown")}`} size="sm">
              <Ellipsis aria-hidden className="size-4" />
            </IconButton>
          }
        >
          <MenuItem disabled={link.state !== "waiting" && link.state !== "idle"} onSelect={() => onRetry(link)}>
            {t("links.retry")}
          </MenuItem>
          <MenuItem danger onSelect={() => onClose(link)}>
            {t("links.close")}
          </MenuItem>
        </Menu>
      ),
    });
  }
  return <DataTable name="links" label={t("links.title")} columns={columns} rows={links} rowKey={({ id }) => id} />;
}

function Remote({ link: { direction, remote, address } }: { link: Link }) {
  const t = useTranslations("links");
  const Icon = direction === "out" ? ArrowUpRight : ArrowDownLeft;
  return (
    <span className="inline-flex min-w-0 items-start gap-1.5">
      <Icon role="img" aria-label={t(`directions.${direction}`)} className="mt-0.5 size-3.5 shrink-0 text-ink-3" />
      <span className="min-w-0">
        {remote === null ? (
          <span className="text-ink-3">{t("unknown")}</span>
        ) : (
          <bdi className="font-medium wrap-anywhere">{visible(remote)}</bdi>
        )}
        {address === null ? null : <span className="block font-mono text-meta text-ink-3">{address}</span>}
      </span>
    </span>
  );
}

function State({ link: { state, since, bidirectional } }: { link: Link }) {
  const t = useTranslations("links");
  return (
    <span className="inline-flex flex-col">
      <span className={toneText[tones[state]]}>
        {t(`states.${state}`)}
        {state === "open" && bidirectional ? <span className="text-ink-3"> · {t("bidirectional")}</span> : null}
      </span>
      <span className="text-meta text-ink-3">
        <TimeText at={since} />
      </span>
    </span>
  );
}

function Security({ link: { address, tls, certified, proof } }: { link: Link }) {
  const t = useTranslations("links");
  if (address === null) return <span className="text-ink-3">—</span>;
  if (tls === null) {
    return (
      <span className={`inline-flex items-center gap-1.5 ${toneText.warn}`}>
        <LockOpen aria-hidden className="size-3.5" />
        {t("plain")}
      </span>
    );
  }
  return (
    <span className="inline-flex flex-col">
      <span className="inline-flex items-center gap-1.5">
        <Lock aria-hidden className="size-3.5 text-ink-3" />
        {tls.protocol}
        {proof === null ? null : <span className="text-ink-3">{t(`proofs.${proof}`)}</span>}
      </span>
      {proof === "external" && certified ? null : (
        <span className="text-meta text-ink-3">{t(certified ? "certified" : "uncertified")}</span>
      )}
    </span>
  );
}

function LastError({ link: { lastError, retryAt } }: { link: Link }) {
  const t = useTranslations("links");
  if (lastError === null) return <span className="text-ink-3">—</span>;
  return (
    <span className="inline-flex max-w-80 flex-col">
      <span className="flex flex-wrap gap-x-1">
        {t(`faults.${lastError.code}`)}
        <TimeText at={lastError.at} />
      </span>
      <bdi className="text-meta text-ink-3 wrap-anywhere">{visible(lastError.text)}</bdi>
      {retryAt === null ? null : (
        <span className="text-meta text-ink-3">{t.rich("retryAt", { at: () => <TimeText at={retryAt} /> })}</span>
      )}
    </span>
  );
}
