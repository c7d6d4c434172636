"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { QrCode } from "@/components/invites/qr-code.tsx";
import { Field } from "@/components/kit/field.tsx";
import { PasswordInput } from "@/components/kit/password-input.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { SecretText } from "@/components/kit/secret-text.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import { problemOf } from "@/lib/api/problem.ts";

interface Props {
  onClose: () => void;
  onAdded: (recoveryCodes: string[] | null) => void;
}

interface Started {
  id: string;
  secret: string;
  uri: string;
}

/** The password, then the code to scan, then a code that proves the app has it. */
export function AddTotpDialog({ onClose, onAdded }: Props) {
  const t = useTranslations("factors");
  const [started, setStarted] = useState<Started | null>(null);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("addTotp")}
      description={t(started ? "scan" : "addText")}
      size={started ? "md" : "sm"}
    >
      {started ? (
        <ScanStep started={started} onClose={onClose} onAdded={onAdded} />
      ) : (
        <PasswordStep onClose={onClose} onStarted={setStarted} />
      )}
    </Dialog>
  );
}

function PasswordStep({ onClose, onStarted }: { onClose: () => void; onStarted: (started: Started) => void }) {
  const t = useTranslations();
  const id = useId();
  const problemText = useProblemText();
  const [password, setPassword] = useState("");
  const prepare = useMutation(api.factors.prepareTotp.mutationOptions({ meta: { inline: true } }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    prepare.mutate({ password }, { onSuccess: onStarted });
  };
  const error = prepare.isError ? problemText(prepare.error) : undefined;
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <DialogBody>
        <Field label={t("factors.password")} htmlFor={id} error={error}>
          <PasswordInput
            id={id}
            value={password}
            autoComplete="current-password"
            aria-invalid={error ? true : undefined}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" variant="primary" disabled={prepare.isPending || password === ""}>
          {t("factors.next")}
        </Button>
      </DialogFooter>
    </form>
  );
}

function ScanStep({ started, onClose, onAdded }: Props & { started: Started }) {
  const t = useTranslations();
  const id = useId();
  const problemText = useProblemText();
  const [name, setName] = useState(t("factors.totpName"));
  const [code, setCode] = useState("");
  const add = useMutation(api.factors.addTotp.mutationOptions({ meta: { inline: true } }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ id: started.id, name, code }, { onSuccess: ({ recoveryCodes }) => onAdded(recoveryCodes) });
  };
  const skew = add.isError ? (problemOf(add.error).clockSkewSeconds ?? 0) : 0;
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <DialogBody>
        {add.isError ? (
          <Banner tone="err" alert>
            {skew === 0
              ? problemText(add.error)
              : t(skew > 0 ? "login.clockAhead" : "login.clockBehind", {
                  minutes: Math.max(1, Math.round(Math.abs(skew) / 60)),
                })}
          </Banner>
        ) : null}
        <div className="flex flex-wrap items-start gap-5">
          <QrCode text={started.uri} label={t("factors.qr")} />
          <div className="flex min-w-56 flex-1 flex-col gap-4">
            <div>
              <p className="text-meta text-ink-3">{t("factors.secret")}</p>
              <SecretText text={started.secret} />
            </div>
            <Field label={t("factors.columns.name")} htmlFor={`${id}-name`}>
              <Input id={`${id}-name`} value={name} maxLength={64} onChange={(event) => setName(event.target.value)} />
            </Field>
            <Field label={t("login.code")} htmlFor={`${id}-code`} help={t("login.codeHint")}>
              <Input
                id={`${id}-code`}
                value={code}
                inputMode="numeric"
                autoComplete="one-time-code"
                maxLength={7}
                aria-describedby={`${id}-code-help`}
                onChange={(event) => setCode(event.target.value)}
                className="font-mono tracking-wide"
              />
            </Field>
          </div>
        </div>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" variant="primary" disabled={add.isPending || !name.trim() || code.trim().length < 6}>
          {t("factors.finish")}
        </Button>
      </DialogFooter>
    </form>
  );
}
