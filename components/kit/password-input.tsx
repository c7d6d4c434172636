"use client";

import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { useTranslations } from "use-intl";
import { Input } from "@/components/ui/input.tsx";
import { cn } from "@/lib/format/cn.ts";

/** Pasting, password managers and showing the text all work. */
export function PasswordInput({ className, ...props }: Omit<ComponentProps<"input">, "type">) {
  const t = useTranslations("common");
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <span className="relative block">
      <Input
        type={isShown ? "text" : "password"}
        spellCheck={false}
        autoCapitalize="none"
        className={cn("pr-9", isShown && "font-mono", className)}
        {...props}
      />
      <button
        type="button"
        aria-label={isShown ? t("hide") : t("show")}
        aria-pressed={isShown}
        onClick={() => setShown(!isShown)}
        className="absolute inset-y-0 right-0 flex w-9 items-center justify-center rounded-control text-ink-3 hover:text-ink"
      >
        <Icon aria-hidden className="size-4" />
      </button>
    </span>
  );
}
