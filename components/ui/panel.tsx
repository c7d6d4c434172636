import type { ReactNode } from "react";
import { cn } from "@/lib/format/cn.ts";

interface Props {
  title?: ReactNode;
  note?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
  className?: string;
  /** Content that brings its own padding: tables, lists with hairlines. */
  flush?: boolean;
}

export function Panel({ title, note, action, children, className, flush }: Props) {
  return (
    <section className={cn("min-w-0 rounded-panel border border-line bg-surface", className)}>
      {title ? (
        <header className="flex min-h-11 items-center gap-3 border-b border-line px-4 py-2 max-sm:items-start">
          <div className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-3 max-sm:py-0.5">
            <h2 className="text-body font-semibold">{title}</h2>
            {note ? <span className="text-meta text-ink-3">{note}</span> : null}
          </div>
          {action ? <div className="flex flex-wrap items-center justify-end gap-2">{action}</div> : null}
        </header>
      ) : null}
      <div className={flush ? undefined : "p-4"}>{children}</div>
    </section>
  );
}
