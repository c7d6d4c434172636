"use client";

import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { Suspense, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { useHost } from "@/components/kit/use-host.ts";
import { useHasKept } from "@/components/kit/use-kept.ts";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { cn } from "@/lib/format/cn.ts";
import { activeItem, type NavigationItem } from "./navigation.ts";
import { useNavigation } from "./use-navigation.ts";
import { usePath } from "./use-path.ts";
import { Wordmark } from "./wordmark.tsx";

interface Props {
  isCollapsed: boolean;
  onCollapse?: () => void;
  onNavigate?: () => void;
}

export function Sidebar({ isCollapsed, onCollapse, onNavigate }: Props) {
  const t = useTranslations("shell");
  return (
    <div className="flex h-full flex-col overflow-x-hidden overflow-y-auto">
      <div className={cn("flex h-13 shrink-0 items-center gap-2", isCollapsed ? "justify-center" : "px-4")}>
        <Wordmark isMark={isCollapsed} />
      </div>
      <nav
        aria-label={t("navigation")}
        className={cn("flex flex-1 flex-col gap-3 pb-4", isCollapsed ? "px-2" : "px-3")}
      >
        <Suspense fallback={<Items isCollapsed={isCollapsed} host={null} />}>
          <HostItems isCollapsed={isCollapsed} {...(onNavigate ? { onNavigate } : {})} />
        </Suspense>
      </nav>
      {onCollapse ? (
        <div className={cn("border-t border-line p-2", isCollapsed && "flex justify-center")}>
          <IconButton label={t(isCollapsed ? "expand" : "collapse")} keys="[" onClick={onCollapse}>
            {isCollapsed ? (
              <PanelLeftOpen aria-hidden className="size-4" />
            ) : (
              <PanelLeftClose aria-hidden className="size-4" />
            )}
          </IconButton>
        </div>
      ) : null}
    </div>
  );
}

function HostItems(props: { isCollapsed: boolean; onNavigate?: () => void }) {
  const [host] = useHost();
  return <Items {...props} host={host} />;
}

function Items({
  isCollapsed,
  host,
  onNavigate,
}: {
  isCollapsed: boolean;
  host: string | null;
  onNavigate?: () => void;
}) {
  const t = useTranslations("shell");
  const active = activeItem(usePath());
  const navigation = useNavigation();
  return navigation.map((group) => (
    <div key={group.name ?? "top"} className="flex flex-col gap-px">
      {group.name ? (
        <p className={cn("px-2 pb-1 text-label font-medium text-ink-3", isCollapsed && "sr-only")}>
          {t(`groups.${group.name}`)}
        </p>
      ) : null}
      {group.items.map((item) => (
        <Item
          key={item.page}
          item={item}
          host={host}
          isActive={item === active}
          isCollapsed={isCollapsed}
          {...(onNavigate ? { onNavigate } : {})}
        />
      ))}
    </div>
  ));
}

interface ItemProps {
  item: NavigationItem;
  host: string | null;
  isActive: boolean;
  isCollapsed: boolean;
  onNavigate?: () => void;
}

function Item({ item, host, isActive, isCollapsed, onNavigate }: ItemProps) {
  const t = useTranslations("shell.pages");
  const Icon = item.icon;
  const name = t(item.page);
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isActive) link.current?.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  return (
    <Link
      ref={link}
      href={host ? `${item.href}?host=${encodeURIComponent(host)}` : item.href}
      aria-current={isActive ? "page" : undefined}
      {...(isCollapsed ? { title: name } : {})}
      {...(onNavigate ? { onClick: onNavigate } : {})}
      className={cn(
        "relative flex h-7 items-center gap-2.5 rounded-control px-2 text-base transition-colors duration-[120ms] max-md:h-9",
        isActive ? "bg-accent-soft font-medium text-ink" : "text-ink-2 hover:bg-sunken hover:text-ink",
        isCollapsed && "justify-center px-0",
      )}
    >
      <Icon aria-hidden className={cn("size-4 shrink-0", isActive ? "text-accent" : "text-ink-3")} />
      <span className={cn("truncate", isCollapsed && "sr-only")}>{name}</span>
      {item.drafts === undefined ? null : <DraftMark drafts={item.drafts} isCollapsed={isCollapsed} />}
    </Link>
  );
}

/** Something that was begun on the page has not been applied. */
function DraftMark({ drafts, isCollapsed }: { drafts: string; isCollapsed: boolean }) {
  const t = useTranslations("shell");
  if (!useHasKept(drafts)) return null;
  return (
    <span
      role="img"
      aria-label={t("hasDraft")}
      title={t("hasDraft")}
      className={cn("size-1.5 rounded-full bg-accent", isCollapsed ? "absolute top-1 right-1" : "ml-auto")}
    />
  );
}
