"use client";

import { useState } from "react";
import type { Audience } from "@/lib/contracts/announcements.ts";

export const audienceKinds = ["accounts", "online", "selection"] as const;
export const accountFilters = ["all", "never", "queued"] as const;

/** Whom an announcement is for, as the form has it. */
export function useAudience() {
  const [kind, setKind] = useState<(typeof audienceKinds)[number]>("accounts");
  const [search, setSearch] = useState("");
  const [filter, setFilter] = useState<(typeof accountFilters)[number]>("all");
  const [jidText, setJidText] = useState("");
  const jids = [...new Set(jidText.split(/[\s,;]+/).filter((each) => each !== ""))];
  const audience: Audience =
    kind === "accounts" ? { kind, search: search.trim() === "" ? null : search.trim(), filter } : { kind };
  return { kind, setKind, search, setSearch, filter, setFilter, jidText, setJidText, jids, audience };
}
