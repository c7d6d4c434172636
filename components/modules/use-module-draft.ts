"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useKept } from "@/components/kit/use-kept.ts";
import { useSettled } from "@/components/kit/use-settled.ts";
import { api } from "@/lib/api/client.ts";
import type { Module, ModuleOnHost } from "@/lib/contracts/modules.ts";
import { hasSecret } from "./option-schema.ts";

export interface Setting {
  enabled: boolean;
  options: Record<string, unknown>;
}

interface Draft {
  /** null: what is above it counts again. */
  setting: Setting | null;
  /** Revision that the draft began from. */
  base: number;
}

/** A module's setting for all hosts (`host` null) or one, as it is being edited, with what the server says about it. */
export function useModuleDraft(module: Module & { revision: { id: number }; options?: unknown }, host: string | null) {
  const [draft, put] = useKept<Draft>(`module ${module.name} ${host ?? ""}`, hasSecret(module.options));
  const onHost = module.hosts.find((one) => one.host === host);
  const stored = storedSetting(module, onHost);
  const setting = draft === null ? stored : draft.setting;
  const settled = useSettled(draft, 300);
  const input = { name: module.name, ...(host === null ? {} : { host }), setting: settled?.setting ?? null };
  const check = useQuery(
    api.modules.check.queryOptions({
      input,
      enabled: settled !== null,
      placeholderData: keepPreviousData,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  );
  const path = host === null ? `modules.${module.name}` : module.name;
  const issues = draft ? (check.data?.issues ?? []) : [];
  return {
    /** null: nothing is said here. */
    setting,
    /** What counts where nothing is said here. */
    inherited: host === null ? shipped(module) : (module.setting ?? shipped(module)),
    draft,
    change: (next: Setting | null) => put({ setting: next, base: draft?.base ?? module.revision.id }),
    discard: () => put(null),
    issues: issues.filter((issue) => issue.path.includes(path)),
    allIssues: issues,
    changes: draft ? (check.data?.changes ?? []) : [],
    isChecking: draft !== settled || check.isFetching,
  };
}

export type ModuleDraft = ReturnType<typeof useModuleDraft>;

const shipped = (module: Module): Setting => ({ enabled: module.enabledByDefault, options: {} });

function storedSetting(module: Module, onHost: ModuleOnHost | undefined): Setting | null {
  if (onHost === undefined) return module.setting;
  return onHost.inherited
    ? null
    : { enabled: onHost.enabled, options: (onHost.options ?? {}) as Record<string, unknown> };
}
