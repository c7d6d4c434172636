"use client";

import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { AttentionItem } from "@/lib/contracts/server.ts";
import { cn } from "@/lib/format/cn.ts";

const marks = {
  error: { icon: CircleAlert, tone: "text-err" },
  warning: { icon: TriangleAlert, tone: "text-warn" },
  info: { icon: Info, tone: "text-accent" },
};

export function AttentionMark({ severity }: Pick<AttentionItem, "severity">) {
  const { icon: Icon, tone } = marks[severity];
  return <Icon aria-hidden className={cn("size-4 shrink-0", tone)} />;
}
