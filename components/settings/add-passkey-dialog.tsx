"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { PasswordInput } from "@/components/kit/password-input.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import { newPasskey } from "@/lib/auth/passkey.ts";

interface Props {
  onClose: () => void;
  onAdded: (recoveryCodes: string[] | null) => void;
}

/** The password, then the browser's own dialog. */
export function AddPasskeyDialog({ onClose, onAdded }: Props) {
  const t = useTranslations();
  const inline = { meta: { inline: true } };
  const prepare = useMutation(api.factors.preparePasskey.mutationOptions(inline));
  const add = useMutation(api.factors.addPasskey.mutationOptions(inline));
  const problemText = useProblemText();
  const id = useId();
  const [name, setName] = useState(t("factors.passkeyName"));
  const [password, setPassword] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const make = async (): Promise<void> => {
    const started = await prepare.mutateAsync({ password });
    const response = await newPasskey(started.options);
    if (response === null) return setError(t("factors.passkeyStopped"));
    onAdded((await add.mutateAsync({ id: started.id, name, response })).recoveryCodes);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    make()
      .catch((caught: unknown) => setError(problemText(caught)))
      .finally(() => setBusy(false));
  };

  return (
    <Dialog open onOpenChange={onClose} title={t("factors.addPasskey")} description={t("factors.addText")} size="md">
      <form onSubmit={submit} className="flex min-h-0 flex-col">
        <DialogBody>
          {error === null ? null : (
            <Banner tone="err" alert>
              {error}
            </Banner>
          )}
          <Field label={t("factors.columns.name")} htmlFor={`${id}-name`}>
            <Input id={`${id}-name`} value={name} maxLength={64} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Field label={t("factors.password")} htmlFor={`${id}-password`}>
            <PasswordInput
              id={`${id}-password`}
              value={password}
              autoComplete="current-password"
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={isBusy || !name.trim() || password === ""}>
            {t("factors.next")}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
