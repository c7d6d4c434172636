"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { May } from "@/components/kit/may.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useKeys } from "@/components/kit/use-keys.ts";
import { Button } from "@/components/ui/button.tsx";
import { Kbd } from "@/components/ui/kbd.tsx";
import { Link } from "@/components/ui/link.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { ForwardEventDetail } from "@/lib/contracts/forward-event.ts";
import { curlOfAttempt } from "@/lib/format/attempt-curl.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { eventHref } from "./event-href.ts";

const mayRetry = new Set(["queued", "retrying", "held", "dead", "expired"]);
const mayCancel = new Set(["queued", "retrying", "held"]);

export function EventActions({ event }: { event: ForwardEventDetail }) {
  const t = useTranslations("forward");
  const [isCancelling, setCancelling] = useState(false);
  const [isRendering, setRendering] = useState(false);
  const retry = useMutation(api.forward.retry.mutationOptions({ onSuccess: () => toast.success(t("retried")) }));
  const render = useMutation(api.forward.retry.mutationOptions({ meta: { inline: true } }));
  const cancel = useMutation(api.forward.cancel.mutationOptions({ meta: { inline: true } }));
  const { id, state } = event;
  const last = event.attemptList.at(-1);
  const may = useMay();
  const isRetryable = mayRetry.has(state) && may("forward.retry", event.host);

  const copy = async (text: string, done: string) => {
    await navigator.clipboard.writeText(text);
    toast.success(done);
  };
  const attempt = () => isRetryable && retry.mutate({ id });
  const link = () => void copy(`${location.origin}/admin${eventHref(id, location.search)}`, t("linkCopied"));
  const curl = () =>
    void (last && copy(curlOfAttempt(last.request, event.payload, event.contentType), t("curlCopied")));
  useKeys({ r: attempt, R: attempt, c: link, C: link, x: curl, X: curl });

  return (
    <div className="flex flex-wrap gap-2">
      {isRetryable ? (
        <Button size="sm" onClick={attempt} disabled={retry.isPending}>
          {t("retry")} <Kbd>R</Kbd>
        </Button>
      ) : null}
      {isRetryable ? (
        <Button size="sm" onClick={() => setRendering(true)}>
          {t("render")}
        </Button>
      ) : null}
      <Button size="sm" onClick={link}>
        {t("copyLink")} <Kbd>C</Kbd>
      </Button>
      {last ? (
        <Button size="sm" onClick={curl}>
          {t("copyCurl")} <Kbd>X</Kbd>
        </Button>
      ) : null}
      <May call="forward.simulate" host={event.host}>
        <Button size="sm" asChild>
          <Link href={`/forward/rules?simulate=${encodeURIComponent(id)}&on=${encodeURIComponent(event.host)}`}>
            {t("simulate")}
          </Link>
        </Button>
      </May>
      <May call="trace.get" host={event.host}>
        <Button size="sm" asChild>
          <Link href={`/trace?id=${encodeURIComponent(id)}`}>{t("trace")}</Link>
        </Button>
      </May>
      {mayCancel.has(state) && may("forward.cancel", event.host) ? (
        <Button size="sm" variant="danger-quiet" onClick={() => setCancelling(true)}>
          {t("cancel")}
        </Button>
      ) : null}
      <ConfirmDialog
        open={isRendering}
        onOpenChange={setRendering}
        title={t("renderTitle")}
        text={t("renderText", { target: event.target })}
        confirm={t("renderConfirm")}
        onConfirm={async () => {
          await render.mutateAsync({ id, render: true });
          toast.success(t("retried"));
        }}
      >
        <Equivalent
          command={commandLine("nightpost", "forward", "retry", id, "--render")}
          method="POST"
          path={`/forward/events/${encodeURIComponent(id)}/retry`}
          body={{ render: true }}
        />
      </ConfirmDialog>
      <ConfirmDialog
        open={isCancelling}
        onOpenChange={setCancelling}
        title={t("cancelTitle")}
        text={t("cancelText")}
        confirm={t("cancel")}
        danger
        onConfirm={async () => {
          await cancel.mutateAsync({ id });
          toast.success(t("cancelled"));
        }}
      >
        <Equivalent method="POST" path={`/forward/events/${encodeURIComponent(id)}/cancel`} />
      </ConfirmDialog>
    </div>
  );
}
