"use client";

import { useMay, useMe } from "@/lib/api/me.ts";
import { navigation, type NavigationGroup, type NavigationItem } from "./navigation.ts";
import { pageVerbs } from "./page-access.ts";

/** May this account see a page? While that is not known, the frame stays as it is drawn beforehand. */
export function useMayVisit(): (item: NavigationItem) => boolean {
  const may = useMay();
  const isKnown = useMe().data !== undefined;
  return ({ page }) => {
    const verb = pageVerbs[page];
    return !isKnown || verb === undefined || may(verb);
  };
}

/** The pages that this account may see, in their groups. */
export function useNavigation(): NavigationGroup[] {
  const mayVisit = useMayVisit();
  return navigation
    .map((group) => ({ ...group, items: group.items.filter(mayVisit) }))
    .filter(({ items }) => items.length > 0);
}
