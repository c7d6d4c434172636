import type { ReactNode } from "react";

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-badge border border-line bg-sunken px-1 font-mono text-label text-ink-2">
      {children}
    </kbd>
  );
}
