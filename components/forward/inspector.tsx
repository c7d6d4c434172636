"use client";

import dynamic from "next/dynamic";
import { useTranslations } from "use-intl";
import { Inspector as Beside } from "@/components/kit/inspector.tsx";

const EventDetail = dynamic(() => import("./event-detail.tsx").then((part) => part.EventDetail), { ssr: false });

interface Props {
  id: string | null;
  onClose: () => void;
  onStep: (by: number) => void;
}

/** The open event. */
export function Inspector({ id, onClose, onStep }: Props) {
  const t = useTranslations("forward");
  return (
    <Beside label={t("inspector")} isOpen={id !== null} onClose={onClose} onStep={onStep}>
      {id === null ? null : <EventDetail id={id} />}
    </Beside>
  );
}
