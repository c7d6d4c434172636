"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { useTranslations } from "use-intl";
import { cn } from "@/lib/format/cn.ts";
import { IconButton } from "./icon-button.tsx";

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  size?: "sm" | "md" | "lg";
  /** `side`: a panel at the right edge, for forms that are long. */
  place?: "centre" | "side";
}

const widths = { sm: "max-w-[420px]", md: "max-w-[560px]", lg: "max-w-[760px]" };

export function DialogFrame({
  open,
  onOpenChange,
  title,
  description,
  children,
  size = "sm",
  place = "centre",
}: DialogProps) {
  const t = useTranslations("common");
  const opener = useRef<Element | null>(null);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim data-[state=open]:animate-fade" />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onOpenAutoFocus={(event) => {
            opener.current = document.activeElement;
            focusFirstField(event);
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener.current instanceof HTMLElement) opener.current.focus();
          }}
          className={cn(
            "fixed z-50 flex w-full flex-col border border-line bg-surface shadow-overlay focus:outline-none data-[state=open]:animate-rise",
            widths[size],
            place === "centre"
              ? "top-[8vh] left-1/2 max-h-[84vh] w-[calc(100%-24px)] -translate-x-1/2 rounded-panel"
              : "inset-y-0 right-0",
          )}
        >
          <header className="flex items-start gap-3 border-b border-line px-5 py-3.5">
            <div className="min-w-0 flex-1 pt-0.5">
              <Radix.Title className="text-section font-semibold wrap-anywhere">{title}</Radix.Title>
              {description ? (
                <Radix.Description asChild>
                  <div className="mt-1 text-base text-ink-2">{description}</div>
                </Radix.Description>
              ) : null}
            </div>
            <Radix.Close asChild>
              <IconButton label={t("close")} size="sm">
                <X aria-hidden className="size-4" />
              </IconButton>
            </Radix.Close>
          </header>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The first thing to fill in gets the focus, not the close button; without fields the dialog itself does. */
function focusFirstField(event: Event): void {
  event.preventDefault();
  if (!(event.currentTarget instanceof HTMLElement)) return;
  const field = event.currentTarget.querySelector<HTMLElement>(
    "input:not([type=hidden], [readonly]), select, textarea",
  );
  (field ?? event.currentTarget).focus();
}
