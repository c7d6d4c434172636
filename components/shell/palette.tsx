"use client";

import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { switchLocale, useOtherLocale } from "@/components/kit/locale.ts";
import { useDarkness, useTheme } from "@/components/kit/theme.ts";
import { useMay } from "@/lib/api/me.ts";
import { visible } from "@/lib/format/visible.ts";
import { manualHref, navigationItems } from "./navigation.ts";
import { useMayVisit } from "./use-navigation.ts";
import { usePath } from "./use-path.ts";
import { useSignOut } from "./use-sign-out.ts";

interface Props {
  /** What its field holds at first. */
  begin: string;
  onClose: () => void;
  onKeys: () => void;
}

const address = /^(?:\d{1,3}\.){3}\d{1,3}$|^(?=.*:.*:)[\da-f:.]+$/i;

export function Palette({ begin, onClose, onKeys }: Props) {
  const t = useTranslations("shell");
  const router = useRouter();
  const [text, setText] = useState(begin);
  const signOut = useSignOut();
  const [, setTheme] = useTheme();
  const isDark = useDarkness();
  const other = useOtherLocale();
  const may = useMay();
  const mayVisit = useMayVisit();
  const path = usePath();

  const run = (action: () => void) => () => {
    onClose();
    action();
  };
  const go = (href: string) => run(() => router.push(href));
  const query = text.trim();
  const encoded = encodeURIComponent(query);

  // What looks like an address or an id is gone to; words are the name of something to do first.
  const isAddress = address.test(query);
  const isObject = isAddress || /[@/]|^[A-Za-z0-9_-]{16,64}$/.test(query);
  const objects = (
    <Command.Group heading={t("palette.objects")} forceMount>
      {query.includes("@") ? (
        <Item name={`jid ${query}`} onSelect={go(`/users/account?jid=${encoded}`)} always>
          {t("palette.openUser", { jid: visible(query) })}
        </Item>
      ) : null}
      {/^[A-Za-z0-9_-]{16,64}$/.test(query) ? (
        <Item name={`event ${query}`} onSelect={go(`/forward/event?id=${encoded}`)} always>
          {t("palette.openEvent", { id: query })}
        </Item>
      ) : null}
      {may("offline.messages") && query.includes("@") ? (
        <Item name={`offline ${query}`} onSelect={go(`/offline/queue?jid=${encoded}`)} always>
          {t("palette.offlineOf", { jid: visible(query) })}
        </Item>
      ) : null}
      {isAddress && may("sessions.list") ? (
        <Item name={`sessions ${query}`} onSelect={go(`/sessions?q=${encoded}`)} always>
          {t("palette.sessionsFrom", { address: query })}
        </Item>
      ) : null}
      {may("trace.get") && !/\s/.test(query) ? (
        <Item name={`trace ${query}`} onSelect={go(`/trace?id=${encoded}`)} always>
          {t("palette.trace", { id: visible(query) })}
        </Item>
      ) : null}
      <Item name={`users ${query}`} onSelect={go(`/users?q=${encoded}`)} always>
        {t("palette.findUser", { text: visible(query) })}
      </Item>
      <Item name={`forward ${query}`} onSelect={go(`/forward?q=${encoded}`)} always>
        {t("palette.findForward", { text: visible(query) })}
      </Item>
    </Command.Group>
  );

  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[calc(100%-24px)] max-w-[560px] -translate-x-1/2 animate-rise rounded-panel border border-line bg-surface shadow-overlay focus:outline-none"
        >
          <Dialog.Title className="sr-only">{t("palette.title")}</Dialog.Title>
          <Command loop label={t("palette.title")}>
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder={t("palette.placeholder")}
              className="h-12 w-full border-b border-accent bg-transparent px-4 text-body outline-none"
            />
            <Command.List className="max-h-[52vh] overflow-y-auto p-1.5 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-meta [&_[cmdk-group-heading]]:text-ink-3">
              {query ? null : <Command.Empty className="px-2.5 py-6 text-ink-2">{t("palette.nothing")}</Command.Empty>}
              {isObject ? objects : null}
              <Command.Group heading={t("palette.pages")}>
                {navigationItems.filter(mayVisit).map(({ page, href, icon: Icon }) => (
                  <Item key={page} name={`${t(`pages.${page}`)} ${page}`} onSelect={go(href)}>
                    <Icon aria-hidden className="size-4 text-ink-3" />
                    {t(`pages.${page}`)}
                  </Item>
                ))}
              </Command.Group>
              <Command.Group heading={t("palette.actions")}>
                {may("users.create") ? <Item onSelect={go("/users?create=1")}>{t("palette.createUser")}</Item> : null}
                {may("invites.create") ? (
                  <Item onSelect={go("/invites?create=1")}>{t("palette.createInvite")}</Item>
                ) : null}
                {may("rooms.create") ? <Item onSelect={go("/rooms?create=1")}>{t("palette.createRoom")}</Item> : null}
                {may("groups.create") ? (
                  <Item onSelect={go("/groups?create=1")}>{t("palette.createGroup")}</Item>
                ) : null}
                {may("announcements.send") ? (
                  <Item onSelect={go("/announcements?create=1")}>{t("palette.announce")}</Item>
                ) : null}
                {may("components.add") ? (
                  <Item onSelect={go("/components?create=1")}>{t("palette.addComponent")}</Item>
                ) : null}
                {may("hosts.add") ? <Item onSelect={go("/hosts?create=1")}>{t("palette.addHost")}</Item> : null}
                {may("forward.setTarget") ? (
                  <Item onSelect={go("/forward/targets?create=1")}>{t("palette.addTarget")}</Item>
                ) : null}
                {may("forward.simulate") ? (
                  <Item onSelect={go("/forward/rules#simulator")}>{t("palette.simulate")}</Item>
                ) : null}
                {may("devices.register") ? (
                  <Item onSelect={go("/devices?create=1")}>{t("palette.registerDevice")}</Item>
                ) : null}
                {may("policy.testAccess") ? (
                  <Item onSelect={go("/access?tab=why")}>{t("palette.testAccess")}</Item>
                ) : null}
                {may("keys.create") ? (
                  <Item onSelect={go("/settings?tab=keys&create=1")}>{t("palette.createKey")}</Item>
                ) : null}
                <Item onSelect={run(() => setTheme(isDark ? "light" : "dark"))}>{t("palette.toggleTheme")}</Item>
                <Item onSelect={run(() => switchLocale(other))}>{t("palette.switchLanguage")}</Item>
                <Item onSelect={run(onKeys)}>{t("palette.keys")}</Item>
                <Item onSelect={run(() => open(manualHref(path), "_blank", "noopener"))}>{t("manual")}</Item>
                <Item onSelect={run(signOut)}>{t("palette.signOut")}</Item>
              </Command.Group>
              {query && !isObject ? objects : null}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface ItemProps {
  children: ReactNode;
  onSelect: () => void;
  name?: string;
  always?: boolean;
}

function Item({ children, onSelect, name, always }: ItemProps) {
  return (
    <Command.Item
      {...(name ? { value: name } : {})}
      forceMount={always ?? false}
      onSelect={onSelect}
      className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-control px-2.5 wrap-anywhere data-[selected=true]:bg-accent-soft"
    >
      {children}
    </Command.Item>
  );
}
