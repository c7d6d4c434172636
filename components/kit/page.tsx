"use client";

import { type ReactNode, useEffect } from "react";
import { useTranslations } from "use-intl";
import { cn } from "@/lib/format/cn.ts";

interface Props {
  /** Shown in the tab; the product's name is added. */
  title: string;
  isDirty?: boolean;
  /** Logs use the whole width. */
  bleed?: boolean;
  children: ReactNode;
}

export function Page({ title, isDirty, bleed, children }: Props) {
  const product = useTranslations("common")("product");
  useEffect(() => {
    document.title = `${isDirty ? "• " : ""}${title} · ${product}`;
  }, [title, isDirty, product]);
  return (
    <div
      className={cn(
        "flex flex-col gap-5 px-4 py-5 md:px-6",
        bleed ? "min-h-0 flex-1" : "mx-auto w-full max-w-[1440px] grow",
      )}
    >
      {children}
    </div>
  );
}
