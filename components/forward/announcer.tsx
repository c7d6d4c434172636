"use client";

import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { ForwardLogView } from "@/lib/api/forward-log.ts";

const everyMs = 10_000;

/** Tells a screen reader how much has come, at most every ten seconds; never the rows themselves. */
export function Announcer({ view }: { view: ForwardLogView }) {
  const t = useTranslations("forward");
  const [text, setText] = useState("");
  const latest = useRef(view);
  useEffect(() => {
    latest.current = view;
  }, [view]);
  useEffect(() => {
    let announced = 0;
    const timer = setInterval(() => {
      const { fresh, failed, isFollowing } = latest.current;
      if (isFollowing || fresh === announced) return;
      announced = fresh;
      setText(t("summary", { count: fresh, failed }));
    }, everyMs);
    return () => clearInterval(timer);
  }, [t]);
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  );
}
