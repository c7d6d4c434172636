"use client";

import { useFormatter, useTranslations } from "use-intl";
import { Link } from "@/components/ui/link.tsx";
import type { HookChain } from "@/lib/contracts/modules.ts";
import { cn } from "@/lib/format/cn.ts";
import { moduleHref } from "./module-words.tsx";

interface Props {
  chains: readonly HookChain[];
  /** The module whose handlers stand out. */
  name: string;
}

/** The chains that a module takes part in, each with its handlers in the order they run. */
export function HookChains({ chains, name }: Props) {
  const t = useTranslations("modules");
  const format = useFormatter();
  if (chains.length === 0) return <p className="px-4 py-4 text-ink-2">{t("noHooks")}</p>;
  return (
    <div className="overflow-x-auto">
      <table aria-label={t("hooks")} className="w-full border-collapse text-left">
        <thead>
          <tr className="border-b border-line text-meta text-ink-3">
            {(["hook", "priority", "module", "calls", "errors", "p95"] as const).map((column) => (
              <th
                key={column}
                scope="col"
                className={cn(
                  "h-9 px-3 font-medium whitespace-nowrap first:pl-4 last:pr-4",
                  column !== "hook" && column !== "module" && "text-right",
                )}
              >
                {t(`hookColumns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        {chains.map(({ hook, handlers }) => (
          <tbody key={hook} className="border-b border-line last:border-b-0">
            {handlers.map((handler, index) => (
              <tr key={`${handler.module} ${index}`} className={handler.module === name ? "bg-accent-soft" : undefined}>
                <th scope="row" className="h-7 pl-4 text-left font-mono text-meta font-normal text-ink-2">
                  {index === 0 ? hook : <span className="sr-only">{hook}</span>}
                </th>
                <td className="px-3 text-right font-mono text-meta text-ink-3">{handler.priority}</td>
                <td className="px-3">
                  {handler.module === name ? (
                    <span className="font-medium">{handler.module}</span>
                  ) : (
                    <Link href={moduleHref(handler.module)} className="text-ink-2 underline-offset-2 hover:underline">
                      {handler.module}
                    </Link>
                  )}
                </td>
                <td className="px-3 text-right">{format.number(handler.calls)}</td>
                <td className={cn("px-3 text-right", handler.errors > 0 ? "font-medium text-err" : "text-ink-3")}>
                  {format.number(handler.errors)}
                </td>
                <td className="pr-4 pl-3 text-right whitespace-nowrap text-ink-2">
                  {handler.p95Us === null
                    ? "—"
                    : t("us", {
                        value: format.number(handler.p95Us, { maximumFractionDigits: handler.p95Us < 10 ? 1 : 0 }),
                      })}
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
