import { ChevronLeft } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "@/components/ui/link.tsx";

/** From a page about one thing to the list it is from. */
export function BackLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      className="inline-flex items-center gap-1 self-start text-meta text-ink-2 underline-offset-2 hover:underline"
    >
      <ChevronLeft aria-hidden className="size-3.5" />
      {children}
    </Link>
  );
}
