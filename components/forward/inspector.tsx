"use client";

import { Dialog } from "radix-ui";
import { useTranslations } from "use-intl";
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect } from "react";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { isTyping } from "@/components/kit/use-keys.ts";
import { useWide } from "@/components/kit/use-narrow.ts";
import { EventDetail } from "./event-detail.tsx";
import { Splitter, useSplit } from "./splitter.tsx";

interface Props {
  id: string | null;
  onClose: () => void;
  onStep: (by: number) => void;
}

/** The open event: beside the list where there is room, over it on smaller screens. */
export function Inspector({ id, onClose, onStep }: Props) {
  const t = useTranslations("forward");
  const isWide = useWide();
  const [width, setWidth] = useSplit();

  useEffect(() => {
    if (id === null || !isWide) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !isTyping(event)) onClose();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [id, isWide, onClose]);

  if (id === null) return null;
  if (!isWide) {
    return (
      <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
          <Dialog.Content
            aria-describedby={undefined}
            onOpenAutoFocus={(event) => {
              event.preventDefault();
              if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
            }}
            className="fixed inset-y-0 right-0 z-50 flex w-full max-w-[560px] flex-col border-l border-line bg-surface shadow-overlay focus:outline-none"
          >
            <Dialog.Title className="sr-only">{t("inspector")}</Dialog.Title>
            <Bar onClose={onClose} onStep={onStep} />
            <div className="min-h-0 flex-1 overflow-y-auto p-4">
              <EventDetail id={id} />
            </div>
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    );
  }
  return (
    <>
      <Splitter width={width} onChange={setWidth} />
      <aside aria-label={t("inspector")} style={{ width }} className="flex shrink-0 flex-col">
        <Bar onClose={onClose} onStep={onStep} />
        <div className="min-h-0 flex-1 overflow-y-auto p-4">
          <EventDetail id={id} />
        </div>
      </aside>
    </>
  );
}

function Bar({ onClose, onStep }: Omit<Props, "id">) {
  const t = useTranslations();
  return (
    <div className="flex h-10 shrink-0 items-center gap-1 border-b border-line px-2">
      <IconButton label={t("common.previous")} size="sm" onClick={() => onStep(-1)}>
        <ChevronUp aria-hidden className="size-4" />
      </IconButton>
      <IconButton label={t("common.next")} size="sm" onClick={() => onStep(1)}>
        <ChevronDown aria-hidden className="size-4" />
      </IconButton>
      <IconButton label={t("forward.closeInspector")} keys="Esc" size="sm" className="ml-auto" onClick={onClose}>
        <X aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}
