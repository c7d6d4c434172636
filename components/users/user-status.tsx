"use client";

import { Ban, Circle, CircleDashed, Moon } from "lucide-react";
import { useTranslations } from "use-intl";
import type { User } from "@/lib/contracts/users.ts";
import { cn } from "@/lib/format/cn.ts";

/** Icon, word and colour together; none of them alone. */
export function UserStatus({ user }: { user: Pick<User, "suspended" | "online" | "isAway" | "lastActivity"> }) {
  const t = useTranslations("users.status");
  if (user.suspended) {
    return (
      <span className="inline-flex items-center align-middle gap-1.5 whitespace-nowrap text-err">
        <Ban aria-hidden className="size-3.5" />
        {t("suspended")}
      </span>
    );
  }
  if (user.online > 0) {
    const Icon = user.isAway ? Moon : Circle;
    return (
      <span
        className={cn(
          "inline-flex items-center align-middle gap-1.5 whitespace-nowrap",
          user.isAway ? "text-warn" : "text-ok",
        )}
      >
        <Icon aria-hidden className="size-2.5 fill-current" />
        {t(user.isAway ? "away" : "online", { count: user.online })}
      </span>
    );
  }
  return (
    <span className="inline-flex items-center align-middle gap-1.5 whitespace-nowrap text-ink-3">
      {user.lastActivity ? (
        <Circle aria-hidden className="size-2.5" />
      ) : (
        <CircleDashed aria-hidden className="size-2.5" />
      )}
      {t(user.lastActivity ? "offline" : "never")}
    </span>
  );
}
