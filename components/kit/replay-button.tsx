"use client";

import { useState } from "react";
import { RotateCw } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { useMay } from "@/lib/api/me.ts";
import type { ForwardFilter } from "@/lib/contracts/forward.ts";
import { ReplayDialog } from "./replay-dialog.tsx";

/** For a log that shows dead events: all that its filter matches. */
export function ReplayButton({ filter: { state, ...filter } }: { filter: ForwardFilter }) {
  const t = useTranslations("forward");
  const [isOpen, setOpen] = useState(false);
  const may = useMay();
  if (!may("forward.replay", filter.host)) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <RotateCw aria-hidden className="size-3.5" />
        {t("replay")}
      </Button>
      <ReplayDialog
        open={isOpen}
        onClose={() => setOpen(false)}
        filter={state === "expired" ? { ...filter, withExpired: true } : filter}
      />
    </>
  );
}
