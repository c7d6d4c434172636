"use client";

import { useFormatter } from "use-intl";
import { cn } from "@/lib/format/cn.ts";

export interface FacetOption {
  value: string;
  label: string;
  count: number;
}

interface Props {
  title: string;
  options: readonly FacetOption[];
  chosen: string | null;
  onChoose: (value: string | null) => void;
}

/** Values with their counts, the largest first; one of them narrows the list, and again widens it. */
export function FacetList({ title, options, chosen, onChoose }: Props) {
  const format = useFormatter();
  if (options.length === 0) return null;
  const most = Math.max(1, ...options.map((option) => option.count));
  return (
    <section aria-label={title}>
      <h3 className="mb-1 text-meta font-medium text-ink-3">{title}</h3>
      <ul className="flex flex-col gap-px">
        {options.map(({ value, label, count }) => {
          const isChosen = value === chosen;
          return (
            <li key={value}>
              <button
                type="button"
                aria-pressed={isChosen}
                onClick={() => onChoose(isChosen ? null : value)}
                className={cn(
                  "relative flex min-h-7 w-full items-center gap-2 overflow-hidden rounded-badge px-2 text-left hover:bg-sunken",
                  isChosen && "bg-accent-soft font-medium hover:bg-accent-soft",
                )}
              >
                <span
                  aria-hidden
                  className="absolute bottom-0 left-0 h-0.5 bg-line-strong/50"
                  style={{ width: `${(count / most) * 100}%` }}
                />
                <bdi className="min-w-0 flex-1 truncate" title={label}>
                  {label}
                </bdi>
                <span className="text-meta text-ink-3">{format.number(count)}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
