"use client";

import { Eye, Square } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { FreshRows } from "@/components/kit/fresh-rows.tsx";
import { Inspector } from "@/components/kit/inspector.tsx";
import { LiveHeader } from "@/components/kit/live-header.tsx";
import { LiveList, type LiveListHandle } from "@/components/kit/live-list.tsx";
import { May } from "@/components/kit/may.tsx";
import { useReading } from "@/components/kit/use-reading.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import type { StanzaWatch } from "@/lib/contracts/stanzas.ts";
import { useNow } from "@/lib/format/now.ts";
import { formatDuration } from "@/lib/format/time.ts";
import type { Replies } from "./replies.ts";
import { StanzaDetail } from "./stanza-detail.tsx";
import { rowGrid, StanzaRow } from "./stanza-row.tsx";
import { type StanzaTail, useTailView } from "./use-watch.ts";

interface Props {
  watch: StanzaWatch;
  log: StanzaTail;
  replies: Replies;
  onReveal: () => Promise<unknown>;
  onStop: () => void;
}

/** The traffic of a watch: it goes on until somebody reads in it, and ends by itself. */
export function WatchView({ watch, log, replies, onReveal, onStop }: Props) {
  const t = useTranslations("stanzas");
  const locale = useLocale();
  const now = useNow();
  const view = useTailView(log);
  const [openId, setOpenId] = useState<number | null>(null);
  const [isRevealing, setRevealing] = useState(false);
  const list = useRef<LiveListHandle>(null);
  const close = useCallback(() => setOpenId(null), []);
  const { resume, toggle, setScrolled } = useReading(log, openId !== null, list, close);
  // The clocks of server and browser may differ a little.
  const leftMs = Math.min(Date.parse(watch.expiresAt) - now, Date.parse(watch.expiresAt) - Date.parse(watch.startedAt));
  const isOver = view?.isOver === true || leftMs <= 0;
  const count = view?.count ?? 0;
  const open = openId === null ? undefined : log.find(openId);
  const reply = open && replies.of(open.seq);

  return (
    <>
      <LiveHeader title={t("title")} isFollowing={view?.isFollowing === true && !isOver} onToggle={toggle}>
        {isOver ? null : (
          <span className="text-ink-3" suppressHydrationWarning>
            {t("endsIn", { time: formatDuration(leftMs, locale) })}
          </span>
        )}
        {watch.revealed || isOver ? null : (
          <May call="stanzas.reveal">
            <Button onClick={() => setRevealing(true)}>
              <Eye aria-hidden className="size-3.5" />
              {t("reveal")}
            </Button>
          </May>
        )}
        <Button onClick={onStop}>
          <Square aria-hidden className="size-3.5" />
          {isOver ? t("again") : t("stop")}
        </Button>
      </LiveHeader>
      {isOver ? <Banner tone="warn">{t("ended")}</Banner> : null}
      {watch.revealed ? <Banner tone="warn">{t("revealed")}</Banner> : null}
      <div className="flex min-h-[320px] flex-1 gap-0 overflow-hidden rounded-panel border border-line bg-surface">
        {count === 0 ? (
          <p role="status" className="px-4 py-8 text-ink-2 sm:px-6">
            {t("quiet")}
          </p>
        ) : (
          <div className="relative flex min-w-0 flex-1 flex-col">
            <FreshRows
              text={view && view.fresh > 0 ? t("newWhilePaused", { count: view.fresh }) : null}
              failed={view?.failed ?? 0}
              onResume={resume}
            />
            <LiveList
              ref={list}
              label={t("title")}
              source={log}
              count={count}
              idOf={(row) => String(row.seq)}
              openId={openId === null ? null : String(openId)}
              onOpen={(id) => setOpenId(Number(id))}
              onScrolled={setScrolled}
              headerClass={rowGrid}
              header={
                <>
                  <span role="columnheader">{t("columns.direction")}</span>
                  <span role="columnheader">{t("columns.time")}</span>
                  <span role="columnheader">{t("columns.jid")}</span>
                  <span role="columnheader">{t("columns.kind")}</span>
                  <span role="columnheader" className="@max-3xl:hidden">
                    {t("columns.payload")}
                  </span>
                  <span role="columnheader" className="text-right @max-3xl:hidden">
                    {t("columns.reply")}
                  </span>
                  <span role="columnheader" className="text-right @max-3xl:hidden">
                    {t("columns.size")}
                  </span>
                </>
              }
              render={(row, place, key) => <StanzaRow key={key} stanza={row} reply={replies.of(row.seq)} {...place} />}
              footer={null}
            />
          </div>
        )}
        <Inspector
          label={t("inspector")}
          isOpen={open !== undefined}
          onClose={() => {
            close();
            list.current?.focusRow();
          }}
          onStep={(step) => list.current?.step(step)}
        >
          {open === undefined ? null : (
            <StanzaDetail stanza={open} reply={reply} other={reply === undefined ? undefined : log.find(reply.seq)} />
          )}
        </Inspector>
      </div>
      <ConfirmDialog
        open={isRevealing}
        onOpenChange={setRevealing}
        title={t("revealTitle")}
        text={t("revealText")}
        confirm={t("revealConfirm")}
        onConfirm={onReveal}
      >
        <Equivalent method="POST" path={`/stanzas/watches/${watch.id}/reveal`} />
      </ConfirmDialog>
    </>
  );
}
