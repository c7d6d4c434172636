"use client";

import { CircleUserRound, LogOut, Settings } from "lucide-react";
import { useTranslations } from "use-intl";
import { JidText } from "@/components/kit/jid-text.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu.tsx";
import { useMe } from "@/lib/api/me.ts";
import { useSignOut } from "./use-sign-out.ts";

export function AccountMenu() {
  const t = useTranslations("shell");
  const me = useMe();
  const signOut = useSignOut();
  return (
    <Menu
      trigger={
        <IconButton label={t("account.menu")}>
          <CircleUserRound aria-hidden className="size-4.5" />
        </IconButton>
      }
    >
      <MenuLabel>
        {t("account.signedInAs")}
        <span className="block max-w-60 text-base">{me.data ? <JidText jid={me.data.name} /> : "…"}</span>
      </MenuLabel>
      <MenuSeparator />
      <MenuItem asChild>
        <Link href="/settings">
          <Settings aria-hidden className="size-4 text-ink-3" />
          {t("pages.settings")}
        </Link>
      </MenuItem>
      <MenuItem onSelect={signOut}>
        <LogOut aria-hidden className="size-4 text-ink-3" />
        {t("account.signOut")}
      </MenuItem>
      {me.data ? (
        <>
          <MenuSeparator />
          <MenuLabel>{t("account.version", { version: me.data.version })}</MenuLabel>
        </>
      ) : null}
    </Menu>
  );
}
