"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";

interface Props {
  /** How many rows came since the list was frozen, in words; null: none. */
  text: string | null;
  failed: number;
  onResume: () => void;
}

/** Over a list that stands still: what has come meanwhile, and the way back to it. */
export function FreshRows({ text, failed, onResume }: Props) {
  const t = useTranslations("forward");
  if (text === null) return null;
  return (
    <div className="absolute inset-x-0 top-10 z-10 flex justify-center">
      <Button size="sm" variant="primary" onClick={onResume} className="animate-rise rounded-full shadow-overlay">
        {text}
        {failed > 0 ? ` · ${t("failedWhilePaused", { count: failed })}` : null} — {t("resume")}
      </Button>
    </div>
  );
}
