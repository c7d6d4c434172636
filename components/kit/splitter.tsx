"use client";

import type { KeyboardEvent, PointerEvent } from "react";
import { useTranslations } from "use-intl";
import { useStored } from "@/lib/format/stored.ts";

const least = 360;
const most = 900;
const clamp = (width: number) => Math.min(most, Math.max(least, Math.round(width)));

/** Width of the inspector in px, remembered in this browser. */
export function useSplit(): [number, (width: number) => void] {
  const [stored, setStored] = useStored<string>("nightpost.inspector", "480");
  return [clamp(Number(stored) || 480), (width) => setStored(String(clamp(width)))];
}

/** Drag it, or use the arrow keys. */
export function Splitter({ width, onChange }: { width: number; onChange: (width: number) => void }) {
  const t = useTranslations("forward");
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === "ArrowLeft" ? 24 : event.key === "ArrowRight" ? -24 : 0;
    if (step === 0) return;
    event.preventDefault();
    onChange(width + step);
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const handle = event.currentTarget;
    const right = handle.parentElement?.getBoundingClientRect().right ?? 0;
    handle.setPointerCapture(event.pointerId);
    const move = (each: globalThis.PointerEvent) => onChange(right - each.clientX);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", () => handle.removeEventListener("pointermove", move), { once: true });
  };
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={t("inspector")}
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onKeyDown={onKey}
      onPointerDown={onPointerDown}
      className="relative w-px shrink-0 cursor-col-resize touch-none bg-line before:absolute before:inset-y-0 before:-left-1.5 before:w-3 hover:bg-accent focus-visible:bg-accent"
    />
  );
}
