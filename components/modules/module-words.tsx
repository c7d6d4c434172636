"use client";

import { useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import type { ModuleOnHost, ModuleSummary, Registered } from "@/lib/contracts/modules.ts";

export type State = "runs" | "off" | "failed" | "mixed";

export const stateOnHost = ({ enabled, running }: ModuleOnHost): Exclude<State, "mixed"> =>
  running !== null ? "runs" : enabled ? "failed" : "off";

/** A module's state over all hosts: failed where it fails anywhere. */
export function stateOf({ hosts: { runs, off, failed } }: ModuleSummary): State {
  if (failed > 0) return "failed";
  if (runs > 0 && off > 0) return "mixed";
  return runs > 0 ? "runs" : "off";
}

export const tones = { runs: "ok", off: "neutral", failed: "err", mixed: "accent" } as const;

export const moduleHref = (name: string) => `/modules/module?name=${encodeURIComponent(name)}`;

export const xepName = (number: number) => `XEP-${String(number).padStart(4, "0")}`;

const kinds = ["hooks", "iqs", "features", "streamFeatures", "commands", "timers"] as const;

/** What a module has registered, in words. */
export function useRegisteredText(): (registered: Registered) => string {
  const t = useTranslations("modules");
  const { comma } = useJoints();
  return (registered) => {
    const counts = kinds.flatMap((kind) =>
      registered[kind] > 0 ? [t(`registrations.${kind}`, { count: registered[kind] })] : [],
    );
    return [...counts, ...registered.services].join(comma) || t("nothing");
  };
}
