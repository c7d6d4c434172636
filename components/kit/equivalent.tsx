"use client";

import { ChevronRight } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { curlOf } from "@/lib/format/shell.ts";

interface Props {
  /** The same on the command line; absent when there is no command. */
  command?: string;
  method: "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  body?: unknown;
}

/** Shows the machine: what a dialog is about to do, as a command and as an HTTP call. */
export function Equivalent({ command, ...request }: Props) {
  const t = useTranslations("common");
  const origin = useSyncExternalStore(noChange, readOrigin, () => "");
  return (
    <details className="group rounded-control border border-line text-meta">
      <summary className="flex min-h-8 list-none items-center gap-1.5 px-3 text-ink-2 select-none hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3.5 text-ink-3 transition-transform group-open:rotate-90" />
        {t("equivalent")}
      </summary>
      <div className="flex flex-col gap-3 border-t border-line p-3">
        {command ? <Code name={t("commandLine")} text={command} /> : null}
        <Code name={t("http")} text={curlOf(origin, request)} />
      </div>
    </details>
  );
}

function Code({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <div className="flex items-center justify-between text-ink-3">
        {name}
        <CopyButton text={text} />
      </div>
      <pre tabIndex={0} className="overflow-x-auto rounded-badge bg-sunken px-2.5 py-2 font-mono text-ink-2">
        {text}
      </pre>
    </div>
  );
}

const noChange = () => () => undefined;
const readOrigin = () => location.origin;
