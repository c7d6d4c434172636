"use client";

import NextLink from "next/link";
import { useRouter } from "next/navigation";
import type { ComponentProps } from "react";

type Props = Omit<ComponentProps<typeof NextLink>, "prefetch" | "href"> & { href: string };

/** A link to another page of the console, which is fetched when somebody is about to go there: by pointer or by focus. */
export function Link({ href, ...props }: Props) {
  const router = useRouter();
  const fetchPage = () => router.prefetch(href);
  return <NextLink href={href} prefetch={false} onPointerEnter={fetchPage} onFocus={fetchPage} {...props} />;
}
