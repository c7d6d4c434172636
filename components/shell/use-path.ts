"use client";

import { usePathname } from "next/navigation";

/** The path as the visitor sees it. While prerendering, Next gives the rewritten one with the language in front. */
export const usePath = (): string => usePathname().replace(/^\/(?:en|zh-CN)(?=\/|$)/, "") || "/";
