"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { toast } from "@/components/kit/toast.ts";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";

export function AddHostDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations();
  const id = useId();
  const problemText = useProblemText();
  const [host, setHost] = useState("");
  const [isEmpty, setEmpty] = useState(false);
  const add = useMutation(api.hosts.add.mutationOptions({ meta: { inline: true } }));
  const name = host.trim();

  const submit = () => {
    setEmpty(name === "");
    if (name === "") return;
    add.mutate(
      { host: name },
      {
        onSuccess: (added) => {
          toast.success(t("hosts.added", { host: added.host }));
          setHost("");
          onOpenChange(false);
        },
      },
    );
  };
  const error = isEmpty ? t("errors.field.required") : add.isError ? problemText(add.error) : undefined;

  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("hosts.addTitle")}>
      <DialogForm
        isPending={add.isPending}
        onSubmit={submit}
        onClose={() => onOpenChange(false)}
        confirm={t("hosts.add")}
      >
        <Field label={t("hosts.name")} htmlFor={id} help={t("hosts.nameHint")} error={error}>
          <Input
            id={id}
            value={host}
            placeholder="chat.example.org"
            spellCheck={false}
            autoCapitalize="none"
            aria-invalid={error ? true : undefined}
            aria-describedby={`${id}-help`}
            onChange={(event) => setHost(event.target.value)}
          />
        </Field>
        <Equivalent
          command={commandLine("nightpost", "host", "add", name || "HOST")}
          method="POST"
          path="/hosts"
          body={{ host: name || "HOST" }}
        />
      </DialogForm>
    </Dialog>
  );
}
