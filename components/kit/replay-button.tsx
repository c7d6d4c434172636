"use client";

import { RotateCw } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { useMay } from "@/lib/api/me.ts";
import type { ForwardFilter } from "@/lib/contracts/forward-filter.ts";

const ReplayDialog = dynamic(() => import("./replay-dialog.tsx").then((part) => part.ReplayDialog), { ssr: false });

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
      {isOpen ? (
        <ReplayDialog
          open
          onClose={() => setOpen(false)}
          filter={state === "expired" ? { ...filter, withExpired: true } : filter}
        />
      ) : null}
    </>
  );
}
