"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Input } from "@/components/ui/input.tsx";
import { Switch } from "@/components/ui/switch.tsx";
import { api } from "@/lib/api/client.ts";
import type { SavedView, ViewPage } from "@/lib/contracts/views.ts";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { Equivalent } from "./equivalent.tsx";
import { Field, ToggleField } from "./field.tsx";
import { toast } from "./toast.ts";

interface SaveProps {
  page: ViewPage;
  query: string;
  onClose: () => void;
}

/** The filter of the page under a name. */
export function SaveViewDialog({ page, query, onClose }: SaveProps) {
  const t = useTranslations("views");
  const router = useRouter();
  const id = useId();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const save = useMutation(api.views.save.mutationOptions({ meta: { inline: true } }));
  const input = { page, name: name.trim(), query, shared };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("save")}
      text={t("saveText")}
      confirm={t("saveConfirm")}
      isDisabled={name.trim() === ""}
      onConfirm={async () => {
        await save.mutateAsync(input);
        toast.success(t("saved", { name: name.trim() }));
        router.replace(`${page}?${query}`);
      }}
    >
      <Field label={t("name")} htmlFor={id}>
        <Input id={id} value={name} maxLength={64} onChange={(event) => setName(event.target.value)} />
      </Field>
      <ToggleField label={t("share")} htmlFor={`${id}-share`} help={t("shareHint")}>
        <Switch id={`${id}-share`} checked={shared} onCheckedChange={setShared} aria-describedby={`${id}-share-help`} />
      </ToggleField>
      <Equivalent method="PUT" path="/views" body={input} />
    </ConfirmDialog>
  );
}

/** A view that nobody needs any more. */
export function RemoveViewDialog({ view, onClose }: { view: SavedView; onClose: () => void }) {
  const t = useTranslations("views");
  const remove = useMutation(api.views.remove.mutationOptions({ meta: { inline: true } }));
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("remove", { name: view.name })}
      text={t(view.shared ? "removeShared" : "removeText")}
      confirm={t("removeConfirm")}
      danger
      onConfirm={() => remove.mutateAsync({ id: view.id })}
    >
      <Equivalent method="DELETE" path={`/views/${view.id}`} />
    </ConfirmDialog>
  );
}
