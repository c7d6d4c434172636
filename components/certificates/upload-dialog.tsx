"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { toast } from "@/components/kit/toast.ts";
import { useFieldText } from "@/components/kit/use-field-text.ts";
import { useSettled } from "@/components/kit/use-settled.ts";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { api } from "@/lib/api/client.ts";
import { problemOf } from "@/lib/api/problem.ts";
import type { HostCertificate } from "@/lib/contracts/certificates.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { CertificateFacts } from "./certificate-facts.tsx";
import { PemField } from "./pem-field.tsx";

const settleMs = 300;

/** A certificate of somebody's own: checked by the server as it is put in, and shown beside what it replaces. */
export function UploadDialog({ row, onClose }: { row: HostCertificate | null; onClose: () => void }) {
  const t = useTranslations("certificates");
  return (
    <Dialog
      open={row !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("uploadTitle", { host: row?.host ?? "" })}
      description={t("uploadText")}
      size="md"
    >
      {row === null ? null : <Form host={row.host} onClose={onClose} />}
    </Dialog>
  );
}

function Form({ host, onClose }: { host: string; onClose: () => void }) {
  const t = useTranslations();
  const problemText = useProblemText();
  const fieldText = useFieldText();
  const [values, setValues] = useState({ chain: "", key: "" });
  const settled = useSettled(values, settleMs);
  const input = { host, chain: settled.chain, key: settled.key.trim() === "" ? null : settled.key };
  const isAsked = settled.chain.trim() !== "";
  const check = useQuery(api.certificates.check.queryOptions({ input, enabled: isAsked, retry: false, gcTime: 0 }));
  const upload = useMutation(api.certificates.upload.mutationOptions({ meta: { inline: true } }));
  const failure = upload.error ?? (isAsked && settled === values ? check.error : null);
  const problem = failure ? problemOf(failure) : null;
  const [blamed] = problem?.errors ?? [];
  const field = blamed?.path ?? null;
  const message = problem === null ? undefined : blamed ? fieldText(blamed) : problemText(problem);

  return (
    <>
      <DialogBody>
        <PemField
          label={t("certificates.chainField")}
          help={t("certificates.chainHelp")}
          value={values.chain}
          placeholder="-----BEGIN CERTIFICATE-----"
          error={message !== undefined && field !== "key" ? message : undefined}
          onChange={(chain) => setValues({ ...values, chain })}
        />
        <PemField
          label={t("certificates.keyField")}
          help={t("certificates.keyHelp")}
          value={values.key}
          placeholder="-----BEGIN PRIVATE KEY-----"
          error={field === "key" ? message : undefined}
          onChange={(key) => setValues({ ...values, key })}
        />
        {check.data && isAsked ? (
          <div role="status" className="grid gap-4 border-t border-line pt-4 sm:grid-cols-2">
            <section>
              <h3 className="mb-2 font-medium">{t("certificates.before")}</h3>
              {check.data.before ? (
                <CertificateFacts facts={check.data.before} isNarrow />
              ) : (
                t("certificates.sources.none")
              )}
            </section>
            <section>
              <h3 className="mb-2 font-medium">{t("certificates.after")}</h3>
              <CertificateFacts facts={check.data.after} isNarrow />
            </section>
          </div>
        ) : null}
        <Equivalent
          command={commandLine("nightpost", "certificate", "upload", host, "chain.pem", "key.pem")}
          method="POST"
          path="/certificates"
          body={{ host, chain: "…", key: "…" }}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button
          variant="primary"
          disabled={!check.data || settled !== values || upload.isPending}
          onClick={() =>
            upload.mutate(input, {
              onSuccess: () => {
                toast.success(t("certificates.uploaded", { host }));
                onClose();
              },
            })
          }
        >
          {t("certificates.use")}
        </Button>
      </DialogFooter>
    </>
  );
}
