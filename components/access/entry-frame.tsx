"use client";

import { Pencil, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { May } from "@/components/kit/may.tsx";
import { Button } from "@/components/ui/button.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";

interface Props {
  name: string;
  label: string;
  isEditing: boolean;
  onToggle: () => void;
  onRemove: () => void;
  children: ReactNode;
}

/** Name, sentence, and the two things one can do with an entry. */
export function EntryFrame({ name, label, isEditing, onToggle, onRemove, children }: Props) {
  const t = useTranslations("access");
  return (
    <li aria-label={label} className="px-4 py-3">
      <div className="flex items-center gap-2">
        <h3 className="font-medium">{name}</h3>
        <May call="policy.apply">
          <span className="ml-auto flex gap-1">
            {isEditing ? (
              <Button size="sm" onClick={onToggle}>
                {t("done")}
              </Button>
            ) : (
              <IconButton label={t("edit", { name })} size="sm" onClick={onToggle}>
                <Pencil aria-hidden className="size-3.5" />
              </IconButton>
            )}
            <IconButton label={t("removeEntry", { name })} size="sm" onClick={onRemove}>
              <Trash2 aria-hidden className="size-3.5" />
            </IconButton>
          </span>
        </May>
      </div>
      <div className="mt-1 text-ink-2">{children}</div>
    </li>
  );
}
