"use client";

import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { NoPermission } from "@/components/kit/no-permission.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { routes } from "@/lib/api/routes.ts";
import { activeItem } from "./navigation.ts";
import { pageVerbs } from "./page-access.ts";
import { useMayVisit } from "./use-navigation.ts";
import { usePath } from "./use-path.ts";

/** A page that this account may not see says so once, instead of failing in each of its parts. */
export function PermissionGate({ children }: { children: ReactNode }) {
  const t = useTranslations("shell.pages");
  const mayVisit = useMayVisit();
  const item = activeItem(usePath());
  if (item === undefined || mayVisit(item)) return children;
  const permission = routes[pageVerbs[item.page] ?? ""]?.meta.permission;
  return (
    <Page title={t(item.page)}>
      <PageHeader title={t(item.page)} />
      <NoPermission problem={{ code: "forbidden", status: 403, ...(permission ? { permission } : {}) }} />
    </Page>
  );
}
