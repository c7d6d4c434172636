"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import type { Brand } from "@/lib/contracts/console-policy.ts";
import { visible } from "@/lib/format/visible.ts";
import { api } from "./client.ts";

/** What the console calls itself and tells before the log-in; undefined: not known yet. */
export function useBrand(): Brand | undefined {
  const status = useQuery(api.server.status.queryOptions({ staleTime: Infinity, meta: { inline: true } }));
  return status.data?.brand;
}

/** The name in the place of the product's, or that one. */
export function useProductName(): string {
  const product = useTranslations("common")("product");
  return visible(useBrand()?.name || product);
}
