"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { useSettled } from "@/components/kit/use-settled.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { api } from "@/lib/api/client.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { type MessageFilter, MessageFilterFields, messageFilterFlags, olderThan } from "./message-filter.tsx";

interface Props {
  open: boolean;
  onClose: () => void;
  /** Chosen at first. */
  host: string | null;
}

/** Deletes what waits by filter, after saying how much that is. */
export function PurgeDialog({ open, onClose, host }: Props) {
  const t = useTranslations("offline");
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("purgeTitle")}
      description={t("purgeText")}
      size="md"
    >
      {open ? <Content host={host} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Content({ host: initial, onClose }: Omit<Props, "open">) {
  const t = useTranslations("offline");
  const common = useTranslations("common");
  const locale = useLocale();
  // The same point in time for the count and for the deed.
  const [openedAt] = useState(() => Date.now());
  const [filter, setFilter] = useState<MessageFilter>(() => ({
    ...(initial === null ? {} : { host: initial }),
    ...olderThan("month", openedAt),
  }));
  const settled = useSettled(JSON.stringify(filter), 300);
  const asked = JSON.parse(settled) as MessageFilter;
  const count = useQuery(api.offline.count.queryOptions({ input: asked, staleTime: 0, retry: false }));
  const purge = useMutation(api.offline.purge.mutationOptions({ meta: { inline: true }, onSuccess: onClose }));
  const error = purge.error ?? count.error;
  const matching = count.data?.messages ?? 0;
  const isSettled = settled === JSON.stringify(filter) && !count.isFetching;
  return (
    <>
      <DialogBody>
        {error ? <ProblemBanner error={error} /> : null}
        <MessageFilterFields filter={filter} openedAt={openedAt} onChange={setFilter} />
        {Object.keys(filter).length === 0 ? <Banner tone="warn">{t("purgeEverything")}</Banner> : null}
        <p aria-live="polite" className="min-h-5 font-medium">
          {count.data
            ? t("purgeCount", {
                count: matching,
                of: count.data.of,
                size: formatBytes(count.data.bytes, locale),
              })
            : null}
        </p>
        <Equivalent
          command={commandLine("nightpost", "offline", "purge", ...messageFilterFlags(filter))}
          method="POST"
          path="/offline/purges"
          body={filter}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{common("cancel")}</Button>
        <Button
          variant="danger"
          disabled={matching === 0 || !isSettled || purge.isPending}
          onClick={() => purge.mutate(asked)}
        >
          {t("purgeConfirm", { count: matching })}
        </Button>
      </DialogFooter>
    </>
  );
}
