"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { toast } from "@/components/kit/toast.ts";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { hostHref } from "./host-href.ts";

export function AddHostDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations();
  const id = useId();
  const problemText = useProblemText();
  const router = useRouter();
  const hosts = useHosts();
  const [host, setHost] = useState("");
  const [like, setLike] = useState("");
  const [isEmpty, setEmpty] = useState(false);
  const add = useMutation(api.hosts.add.mutationOptions({ meta: { inline: true } }));
  const name = host.trim();

  const submit = () => {
    setEmpty(name === "");
    if (name === "") return;
    add.mutate(
      { host: name, ...model },
      {
        onSuccess: (added) => {
          toast.success(t("hosts.added", { host: added.host }));
          // It says what is still missing: names in the DNS, and a certificate. The dialog goes with this page.
          router.push(hostHref(added.host));
        },
      },
    );
  };
  const model = like === "" ? {} : { like };
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
        {hosts.length > 0 ? (
          <Field label={t("hosts.like")} htmlFor={`${id}-like`} help={t("hosts.likeHint")}>
            <Select
              id={`${id}-like`}
              value={like}
              aria-describedby={`${id}-like-help`}
              onChange={(event) => setLike(event.target.value)}
              className="w-full"
            >
              <option value="">{t("hosts.likeDefaults")}</option>
              {hosts.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </Select>
          </Field>
        ) : null}
        <Equivalent
          command={commandLine(
            ...["nightpost", "host", "add", name || "HOST"],
            ...(like === "" ? [] : ["--like", like]),
          )}
          method="POST"
          path="/hosts"
          body={{ host: name || "HOST", ...model }}
        />
      </DialogForm>
    </Dialog>
  );
}
