"use client";

import dynamic from "next/dynamic";

/** Every page carries what it takes to show this one, so its code is left for those who need it. */
const NotFoundPage = dynamic(() => import("@/components/shell/not-found-page.tsx").then((part) => part.NotFoundPage));

export default function NotFound() {
  return <NotFoundPage />;
}
