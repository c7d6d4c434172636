"use client";

import { Menu as MenuIcon, Search } from "lucide-react";
import dynamic from "next/dynamic";
import { Suspense } from "react";
import { useTranslations } from "use-intl";
import { useCommandKey } from "@/components/kit/use-command-key.ts";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Kbd } from "@/components/ui/kbd.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { HostSwitcher } from "./host-switcher.tsx";
import { LiveDot } from "./live-dot.tsx";
import { ManualLink } from "./manual-link.tsx";

/** What it shows is asked for after what the page itself needs. */
const Notices = dynamic(() => import("./notices.tsx").then(({ Notices: part }) => part), { ssr: false });

export function Topbar({ onMenu, onPalette }: { onMenu: () => void; onPalette: () => void }) {
  const t = useTranslations("shell");
  const command = useCommandKey();
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line bg-surface px-4 md:px-6">
      <IconButton label={t("openNavigation")} onClick={onMenu} className="-ml-1.5 md:hidden">
        <MenuIcon aria-hidden className="size-4.5" />
      </IconButton>
      <Suspense fallback={<span className="h-8 w-44 max-sm:w-34" />}>
        <HostSwitcher />
      </Suspense>
      <button
        type="button"
        onClick={onPalette}
        className="ml-auto flex h-8 items-center gap-2 rounded-control border border-line-strong/60 bg-surface px-2.5 text-base text-ink-3 hover:border-line-strong hover:text-ink-2 sm:w-64"
      >
        <Search aria-hidden className="size-4 shrink-0" />
        <span className="truncate max-sm:sr-only">{t("palette.open")}</span>
        <span className="ml-auto max-sm:hidden">
          <Kbd>{`${command}K`}</Kbd>
        </span>
      </button>
      <LiveDot />
      <ManualLink />
      <span className="size-8 shrink-0">
        <Notices />
      </span>
      <AccountMenu />
    </header>
  );
}
