"use client";

import { type FormEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Name } from "@/lib/contracts/policy.ts";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  taken: string[];
  onName: (name: string) => void;
}

export function NameDialog({ open, onOpenChange, title, taken, onName }: Props) {
  const t = useTranslations();
  const id = useId();
  const [name, setName] = useState("");
  const [error, setError] = useState<string | undefined>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!Name.safeParse(name).success) setError(t("access.nameBad"));
    else if (taken.includes(name)) setError(t("access.nameTaken"));
    else onName(name);
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title}>
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <Field label={t("access.name")} htmlFor={id} help={t("access.nameHint")} error={error}>
            <Input
              id={id}
              value={name}
              spellCheck={false}
              autoCapitalize="none"
              aria-invalid={error ? true : undefined}
              aria-describedby={`${id}-help`}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
        </DialogBody>
        <DialogFooter>
          <Button onClick={() => onOpenChange(false)}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary">
            {t("common.add")}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
