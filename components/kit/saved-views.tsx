"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { useId, useState } from "react";
import { Bookmark, Plus, Trash2, Users } from "lucide-react";
import { toast } from "sonner";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu.tsx";
import { Switch } from "@/components/ui/switch.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { SavedView, ViewPage } from "@/lib/contracts/views.ts";
import { visible } from "@/lib/format/visible.ts";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { Equivalent } from "./equivalent.tsx";
import { Field, ToggleField } from "./field.tsx";
import { useStoredLayout } from "./use-table-view.ts";

/** What says where one is in a list, not what one looks for. */
const passing = new Set(["cursor", "create", "event", "live"]);

/**
 * Filters of a list under names, kept on the server: one's own, and those that somebody shares. With the name of the page's
 * `table`, what its columns are belongs to them.
 */
export function SavedViews({ page, table }: { page: ViewPage; table?: string }) {
  const t = useTranslations("views");
  const router = useRouter();
  const [layout] = useStoredLayout(table);
  const current = filterOf(useSearchParams().toString());
  const kept = withColumns(current, layout);
  const views = useQuery(api.views.list.queryOptions({ input: { page }, staleTime: 60_000 }));
  const [isSaving, setSaving] = useState(false);
  const [removing, setRemoving] = useState<SavedView | null>(null);
  const remove = useMutation(api.views.remove.mutationOptions({ meta: { inline: true } }));
  const mayRemoveShared = useMay()("roles.set");
  const items = views.data?.items ?? [];
  const active = items.find((view) => view.query === current);
  const name = removing?.name ?? "";

  return (
    <>
      <Menu
        align="start"
        trigger={
          <Button className="max-w-56">
            <Bookmark aria-hidden className="size-3.5 shrink-0" />
            <span className="truncate">{active ? visible(active.name) : t("title")}</span>
          </Button>
        }
      >
        {items.length === 0 ? <MenuLabel>{t("none")}</MenuLabel> : null}
        {items.map((view) => (
          <MenuItem key={view.id} onSelect={() => router.push(`${page}?${view.query}`)}>
            <span className="min-w-0 flex-1 truncate">{visible(view.name)}</span>
            {view.shared ? <Users aria-label={t("shared")} className="size-3.5 shrink-0 text-ink-3" /> : null}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem disabled={kept === ""} onSelect={() => setSaving(true)}>
          <Plus aria-hidden className="size-4 text-ink-3" />
          {t("save")}
        </MenuItem>
        {active && (active.isMine || mayRemoveShared) ? (
          <MenuItem danger onSelect={() => setRemoving(active)}>
            <Trash2 aria-hidden className="size-4" />
            {t("remove", { name: visible(active.name) })}
          </MenuItem>
        ) : null}
      </Menu>
      <SaveDialog page={page} query={kept} open={isSaving} onOpenChange={setSaving} />
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={t("remove", { name })}
        text={t(removing?.shared ? "removeShared" : "removeText")}
        confirm={t("removeConfirm")}
        danger
        onConfirm={() => remove.mutateAsync({ id: removing?.id ?? "" })}
      >
        <Equivalent method="DELETE" path={`/views/${removing?.id ?? ""}`} />
      </ConfirmDialog>
    </>
  );
}

interface SaveProps {
  page: ViewPage;
  query: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

function SaveDialog({ page, query, open, onOpenChange }: SaveProps) {
  const t = useTranslations("views");
  const router = useRouter();
  const id = useId();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const save = useMutation(api.views.save.mutationOptions({ meta: { inline: true } }));
  const input = { page, name: name.trim(), query, shared };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("save")}
      text={t("saveText")}
      confirm={t("saveConfirm")}
      isDisabled={name.trim() === ""}
      onConfirm={async () => {
        await save.mutateAsync(input);
        toast.success(t("saved", { name: name.trim() }));
        setName("");
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

function filterOf(query: string): string {
  const params = new URLSearchParams(query);
  for (const name of passing) params.delete(name);
  params.sort();
  return params.toString();
}

/** The columns as the address has them, else as this browser keeps them. */
function withColumns(query: string, layout: string): string {
  const params = new URLSearchParams(query);
  if (layout === "" || params.has("columns")) return query;
  params.set("columns", layout);
  params.sort();
  return params.toString();
}
