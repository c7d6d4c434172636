"use client";

import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/format/cn.ts";

interface Props<T extends string> {
  value: T;
  onChange: (value: T) => void;
  tabs: readonly { value: T; label: ReactNode }[];
  label: string;
  /** In a panel, whose edges are nearer than those of the page. */
  isInPanel?: boolean;
  children: ReactNode;
}

export function Tabs<T extends string>({ value, onChange, tabs, label, isInPanel, children }: Props<T>) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as T)} activationMode="manual">
      <div className={cn("-mx-4 overflow-x-auto border-b border-line px-4", isInPanel ? "" : "md:-mx-6 md:px-6")}>
        <Radix.List aria-label={label} className="-mx-2 flex gap-1">
          {tabs.map((tab) => (
            <Radix.Trigger
              key={tab.value}
              value={tab.value}
              className="-mb-px flex h-10 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2 text-base text-ink-2 -outline-offset-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
            >
              {tab.label}
            </Radix.Trigger>
          ))}
        </Radix.List>
      </div>
      {children}
    </Radix.Root>
  );
}

export function TabPanel({ value, children }: { value: string; children: ReactNode }) {
  return (
    <Radix.Content value={value} className="pt-5 focus-visible:outline-offset-4">
      {children}
    </Radix.Content>
  );
}
