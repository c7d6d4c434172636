"use client";

import type { ReactNode } from "react";
import { cn } from "@/lib/format/cn.ts";
import { Button, type ButtonProps } from "./button.tsx";
import { Tooltip } from "./tooltip.tsx";

interface Props extends Omit<ButtonProps, "children" | "aria-label"> {
  label: string;
  children: ReactNode;
  keys?: string;
}

/** A button that shows an icon only; its name is read aloud and shown on hover and focus. */
export function IconButton({ label, keys, children, className, variant = "ghost", size = "md", ...props }: Props) {
  return (
    <Tooltip text={label} {...(keys ? { keys } : {})}>
      <Button
        aria-label={label}
        variant={variant}
        size={size}
        className={cn("px-0", size === "sm" ? "w-7" : size === "lg" ? "w-9" : "w-8", className)}
        {...props}
      >
        {children}
      </Button>
    </Tooltip>
  );
}
