"use client";

import type { ReactNode } from "react";
import { Tooltip as Radix } from "radix-ui";
import { Kbd } from "./kbd.tsx";

export const TooltipProvider = Radix.Provider;

export function Tooltip({ text, keys, children }: { text: ReactNode; keys?: string; children: ReactNode }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-60 flex max-w-80 items-center gap-2 rounded-control border border-line bg-surface px-2.5 py-1.5 text-meta text-ink shadow-overlay data-[state=delayed-open]:animate-fade"
        >
          {text}
          {keys ? <Kbd>{keys}</Kbd> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
