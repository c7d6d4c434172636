"use client";

import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { cn } from "@/lib/format/cn.ts";
import type { DialogProps } from "./dialog-frame.tsx";

const DialogFrame = dynamic(() => import("./dialog-frame.tsx").then((part) => part.DialogFrame), { ssr: false });

/** Nothing at all until it is opened for the first time: what dialogs are made of comes with the first of them. */
export function Dialog(props: DialogProps) {
  const [isWanted, setWanted] = useState(props.open);
  if (props.open && !isWanted) setWanted(true);
  return isWanted ? <DialogFrame {...props} /> : null;
}

export function DialogBody({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div className={cn("flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-5 py-4", className)}>{children}</div>
  );
}

export function DialogFooter({ children }: { children: ReactNode }) {
  return (
    <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">{children}</footer>
  );
}
