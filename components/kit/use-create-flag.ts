"use client";

import { useQueryState } from "nuqs";

/** `?create=1` opens the page's create dialog: the palette links to it. */
export function useCreateFlag(): [boolean, (open: boolean) => void] {
  const [raw, setRaw] = useQueryState("create");
  return [raw !== null, (open) => void setRaw(open ? "1" : null)];
}
