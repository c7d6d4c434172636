"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useMe } from "@/lib/api/me.ts";
import { useNavigation } from "./use-navigation.ts";
import { usePath } from "./use-path.ts";

/** Whoever may not see the overview begins with the first page that they may. */
export function useHome(): void {
  const router = useRouter();
  const me = useMe();
  // Before there is a second factor nothing is granted, and then it is.
  const isKnown = me.data !== undefined && !me.data.mustEnrol;
  const first = useNavigation()[0]?.items[0]?.href;
  const isAtRoot = usePath() === "/";
  useEffect(() => {
    if (isKnown && isAtRoot && first !== undefined && first !== "/") router.replace(first);
  }, [isKnown, isAtRoot, first, router]);
}
