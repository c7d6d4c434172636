"use client";

import { useState } from "react";
import type { Group } from "@/lib/contracts/groups.ts";

export const memberships = ["listed", "everybody", "online"] as const;

/** Settings of a group as a form has them. */
export function useGroupForm(group: Group | null) {
  const [label, setLabel] = useState(group?.label ?? "");
  const [description, setDescription] = useState(group?.description ?? "");
  const [members, setMembers] = useState(group?.members ?? "listed");
  const [displays, setDisplays] = useState<ReadonlySet<string>>(new Set(group?.displays));
  const toggle = (name: string) => {
    const next = new Set(displays);
    if (!next.delete(name)) next.add(name);
    setDisplays(next);
  };
  return { label, setLabel, description, setDescription, members, setMembers, displays, setDisplays, toggle };
}
