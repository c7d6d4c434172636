"use client";

import type { ReactNode } from "react";
import { useMay, type VerbName } from "@/lib/api/me.ts";

/** Shows what leads to a verb to those who may call it, on the host if one is given. */
export function May({ call, host, children }: { call: VerbName; host?: string | null; children: ReactNode }) {
  const may = useMay();
  return may(call, host) ? children : null;
}
