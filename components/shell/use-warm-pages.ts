"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useNavigation } from "./use-navigation.ts";

const firstMs = 3_000;
const eachMs = 250;

/**
 * Fetches the pages of the navigation one after the other once nothing else is waited for: no pointer comes before the keys and
 * the palette that lead there, and they have to be there when the server is not.
 */
export function useWarmPages(): void {
  const router = useRouter();
  const pages = useNavigation()
    .flatMap(({ items }) => items.map(({ href }) => href))
    .join(" ");
  useEffect(() => {
    const waiting = pages.split(" ");
    let timer = setTimeout(function fetchNext() {
      const href = waiting.shift();
      if (href === undefined) return;
      router.prefetch(href);
      timer = setTimeout(fetchNext, eachMs);
    }, firstMs);
    return () => clearTimeout(timer);
  }, [router, pages]);
}
