"use client";

import { ChevronDown, ChevronUp, X } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useEffect } from "react";
import { useTranslations } from "use-intl";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Splitter, useSplit } from "./splitter.tsx";
import { isTyping } from "./use-keys.ts";
import { useWide } from "./use-narrow.ts";

const InspectorOver = dynamic(() => import("./inspector-over.tsx").then((part) => part.InspectorOver), { ssr: false });

/** As in the list beside it, which has them while it has the focus. */
const steps: Partial<Record<string, number>> = { j: 1, J: 1, k: -1, K: -1 };

interface Props {
  /** What is open is called. */
  label: string;
  isOpen: boolean;
  onClose: () => void;
  onStep: (by: number) => void;
  children: ReactNode;
}

/** The open row of a log: beside the list where there is room, over it on smaller screens. */
export function Inspector({ label, isOpen, onClose, onStep, children }: Props) {
  const isWide = useWide();
  const [width, setWidth] = useSplit();

  useEffect(() => {
    if (!isOpen || !isWide) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      const step = steps[event.key];
      if (event.key === "Escape") onClose();
      else if (step !== undefined) onStep(step);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [isOpen, isWide, onClose, onStep]);

  if (!isOpen) return null;
  if (!isWide) {
    return (
      <InspectorOver label={label} onClose={onClose}>
        <Bar onClose={onClose} onStep={onStep} />
        <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
      </InspectorOver>
    );
  }
  return (
    <>
      <Splitter width={width} onChange={setWidth} />
      <aside aria-label={label} style={{ width }} className="flex shrink-0 flex-col">
        <Bar onClose={onClose} onStep={onStep} />
        <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
      </aside>
    </>
  );
}

function Bar({ onClose, onStep }: Pick<Props, "onClose" | "onStep">) {
  const t = useTranslations();
  return (
    <div className="flex h-10 shrink-0 items-center gap-1 border-b border-line px-2">
      <IconButton label={t("common.previous")} size="sm" onClick={() => onStep(-1)}>
        <ChevronUp aria-hidden className="size-4" />
      </IconButton>
      <IconButton label={t("common.next")} size="sm" onClick={() => onStep(1)}>
        <ChevronDown aria-hidden className="size-4" />
      </IconButton>
      <IconButton label={t("common.close")} keys="Esc" size="sm" className="ml-auto" onClick={onClose}>
        <X aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}
