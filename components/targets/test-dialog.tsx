"use client";

import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { AttemptCard } from "@/components/kit/attempt-card.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { PayloadView } from "@/components/kit/payload-view.tsx";
import { api } from "@/lib/api/client.ts";

/** Sends one test event when it opens and shows the attempt as the log would. */
export function TestDialog({ name, onClose }: { name: string | null; onClose: () => void }) {
  const t = useTranslations("targets");
  return (
    <Dialog
      open={name !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("testTitle", { name: name ?? "" })}
      description={t("testText")}
      size="md"
      place="side"
    >
      {name === null ? null : <Test key={name} name={name} onClose={onClose} />}
    </Dialog>
  );
}

function Test({ name, onClose }: { name: string; onClose: () => void }) {
  const t = useTranslations();
  const problemText = useProblemText();
  const { mutate, data, error, isPending } = useMutation(
    api.forward.testTarget.mutationOptions({ meta: { inline: true } }),
  );
  useEffect(() => mutate({ name }), [mutate, name]);
  return (
    <>
      <DialogBody>
        <div aria-live="polite" aria-busy={isPending}>
          {isPending ? (
            <div className="flex flex-col gap-3">
              <span className="text-ink-2">{t("targets.testing")}</span>
              <Skeleton className="w-2/3" />
              <Skeleton className="w-full" />
              <Skeleton className="w-1/2" />
            </div>
          ) : null}
          {error ? (
            <Banner tone="err" alert>
              {problemText(error)}
            </Banner>
          ) : null}
          {data ? (
            <div className="flex flex-col gap-4">
              <ol>
                <AttemptCard attempt={data} isOpen />
              </ol>
              <section>
                <h3 className="mb-1 text-meta text-ink-3">{t("forward.body")}</h3>
                <PayloadView text={data.payload} contentType={contentTypeOf(data.request.headers)} />
              </section>
            </div>
          ) : null}
        </div>
      </DialogBody>
      <DialogFooter>
        <Button onClick={() => mutate({ name })} disabled={isPending}>
          {t("targets.test")}
        </Button>
        <Button variant="primary" onClick={onClose}>
          {t("common.close")}
        </Button>
      </DialogFooter>
    </>
  );
}

const contentTypeOf = (headers: [string, string][]): string =>
  headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
