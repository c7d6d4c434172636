"use client";

import { useQuery } from "@tanstack/react-query";
import { Bookmark, Plus, Trash2, Users } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { SavedView, ViewPage } from "@/lib/contracts/views.ts";
import { visible } from "@/lib/format/visible.ts";
import { useStoredLayout } from "./use-table-view.ts";

const dialogs = () => import("./saved-view-dialogs.tsx");
const SaveViewDialog = dynamic(() => dialogs().then((part) => part.SaveViewDialog), { ssr: false });
const RemoveViewDialog = dynamic(() => dialogs().then((part) => part.RemoveViewDialog), { ssr: false });

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
  const mayRemoveShared = useMay()("roles.set");
  const items = views.data?.items ?? [];
  const active = items.find((view) => view.query === current);

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
      {isSaving ? <SaveViewDialog page={page} query={kept} onClose={() => setSaving(false)} /> : null}
      {removing ? <RemoveViewDialog view={removing} onClose={() => setRemoving(null)} /> : null}
    </>
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
