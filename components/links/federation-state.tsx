"use client";

import { useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import { Banner } from "@/components/ui/banner.tsx";

interface Props {
  isOpen: boolean;
  listeners: readonly { name: string; port: number; error: string | null }[];
}

/** Where other servers connect, or why they cannot. */
export function FederationState({ isOpen, listeners }: Props) {
  const t = useTranslations("links");
  const { comma } = useJoints();
  if (!isOpen) return null;
  if (listeners.length === 0) return <Banner tone="warn">{t("noPort")}</Banner>;
  const open = listeners.filter(({ error }) => error === null);
  return (
    <>
      {listeners.map(({ name, error }) =>
        error === null ? null : (
          <Banner key={name} tone="err">
            {t("notListening", { name, reason: error })}
          </Banner>
        ),
      )}
      {open.length === 0 ? null : (
        <p className="text-ink-2">{t("listening", { ports: open.map(({ port }) => port).join(comma) })}</p>
      )}
    </>
  );
}
