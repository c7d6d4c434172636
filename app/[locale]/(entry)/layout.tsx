import { type ReactNode, Suspense } from "react";
import { EntryFrame } from "@/components/shell/entry-frame.tsx";

export default function EntryLayout({ children }: { children: ReactNode }) {
  return (
    <EntryFrame>
      <Suspense>{children}</Suspense>
    </EntryFrame>
  );
}
