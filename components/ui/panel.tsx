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
        <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2">
          <h2 className="text-body font-semibold">{title}</h2>
          {note ? <span className="text-meta text-ink-3">{note}</span> : null}
          {action ? <div className="ml-auto flex items-center gap-2">{action}</div> : null}
        </header>
      ) : null}
      <div className={flush ? undefined : "p-4"}>{children}</div>
    </section>
  );
}
