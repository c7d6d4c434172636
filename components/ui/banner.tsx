import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/format/cn.ts";

const looks = {
  info: { icon: Info, classes: "border-accent/30 bg-accent-soft", mark: "text-accent" },
  warn: { icon: TriangleAlert, classes: "border-warn/30 bg-warn-soft", mark: "text-warn" },
  err: { icon: CircleAlert, classes: "border-err/30 bg-err-soft", mark: "text-err" },
};

interface Props {
  tone?: keyof typeof looks;
  children: ReactNode;
  action?: ReactNode;
  className?: string;
  /** Announce it at once when it appears. */
  alert?: boolean;
}

export function Banner({ tone = "info", children, action, className, alert }: Props) {
  const { icon: Icon, classes, mark } = looks[tone];
  return (
    <div
      role={alert ? "alert" : undefined}
      className={cn(
        "flex gap-2.5 rounded-control border px-3 py-2 text-base text-ink",
        action ? "items-center" : "items-start",
        classes,
        className,
      )}
    >
      <Icon aria-hidden className={cn("size-4 shrink-0", !action && "mt-0.5", mark)} />
      <div className="min-w-0 flex-1 wrap-anywhere">{children}</div>
      {action}
    </div>
  );
}
