"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Textarea } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import type { HostCertificate } from "@/lib/contracts/certificates.ts";
import { commandLine } from "@/lib/format/shell.ts";

/** A request for an authority that is asked by hand. */
export function RequestDialog({ row, onClose }: { row: HostCertificate | null; onClose: () => void }) {
  const t = useTranslations("certificates");
  return (
    <Dialog
      open={row !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("requestTitle", { host: row?.host ?? "" })}
      description={t("requestText")}
      size="md"
    >
      {row === null ? null : <Form row={row} onClose={onClose} />}
    </Dialog>
  );
}

function Form({ row: { host, services }, onClose }: { row: HostCertificate; onClose: () => void }) {
  const t = useTranslations();
  const id = useId();
  const [text, setText] = useState([host, ...services.map(({ name }) => name)].join("\n"));
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  const request = useMutation(api.certificates.request.mutationOptions({ meta: { inline: true } }));
  return (
    <>
      <DialogBody>
        <Field label={t("certificates.columns.names")} htmlFor={id} help={t("certificates.namesHelp")}>
          <Textarea
            id={id}
            rows={4}
            value={text}
            spellCheck={false}
            autoCapitalize="none"
            onChange={(event) => setText(event.target.value)}
            className="font-mono text-meta"
          />
        </Field>
        {request.isError ? <ProblemBanner error={request.error} /> : null}
        {request.data ? (
          <div>
            <div className="flex items-center justify-between text-meta text-ink-3">
              {t("certificates.csr")}
              <CopyButton text={request.data.csr} />
            </div>
            <pre
              tabIndex={0}
              className="max-h-56 overflow-auto rounded-badge bg-sunken px-2.5 py-2 font-mono text-meta text-ink-2"
            >
              {request.data.csr}
            </pre>
          </div>
        ) : null}
        <Equivalent
          command={commandLine("nightpost", "certificate", "request", host, ...names)}
          method="POST"
          path={`/certificates/${encodeURIComponent(host)}/request`}
          body={{ names }}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t(request.data ? "common.close" : "common.cancel")}</Button>
        <Button
          variant="primary"
          disabled={names.length === 0 || request.isPending}
          onClick={() => request.mutate({ host, names })}
        >
          {t("certificates.makeRequest")}
        </Button>
      </DialogFooter>
    </>
  );
}
