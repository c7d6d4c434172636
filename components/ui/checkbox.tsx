"use client";

import { type ComponentProps, useEffect, useRef } from "react";
import { cn } from "@/lib/format/cn.ts";

interface Props extends Omit<ComponentProps<"input">, "type"> {
  indeterminate?: boolean;
}

export function Checkbox({ indeterminate = false, className, ...props }: Props) {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (ref.current) ref.current.indeterminate = indeterminate;
  }, [indeterminate]);
  return (
    <input
      ref={ref}
      type="checkbox"
      className={cn("block size-4 shrink-0 cursor-pointer accent-accent", className)}
      {...props}
    />
  );
}
