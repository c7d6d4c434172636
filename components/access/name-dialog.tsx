"use client";

import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Field } from "@/components/kit/field.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
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
  const submit = () => {
    if (!Name.safeParse(name).success) setError(t("access.nameBad"));
    else if (taken.includes(name)) setError(t("access.nameTaken"));
    else onName(name);
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title}>
      <DialogForm onSubmit={submit} onClose={() => onOpenChange(false)} confirm={t("common.add")}>
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
      </DialogForm>
    </Dialog>
  );
}
