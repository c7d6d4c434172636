"use client";

import { useState } from "react";
import { useTranslations } from "use-intl";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { type ReceiverLanguage, receivers } from "./receivers.ts";

const languages = [
  { value: "node", label: "Node" },
  { value: "python", label: "Python" },
  { value: "go", label: "Go" },
  { value: "php", label: "PHP" },
] as const satisfies readonly { value: ReceiverLanguage; label: string }[];

/** How the web server finds out that a request is genuine, in the language that it is written in. */
export function ReceiverCode() {
  const t = useTranslations("targets");
  const [language, setLanguage] = useState<ReceiverLanguage>("node");
  const code = receivers[language];
  return (
    <div className="flex flex-col gap-2">
      <Segmented
        label={t("receiverLanguage")}
        value={language}
        onChange={setLanguage}
        options={languages}
        className="self-start"
      />
      <div className="relative">
        <pre
          tabIndex={0}
          aria-label={t("receiver")}
          className="max-h-80 overflow-auto rounded-control bg-sunken px-3 py-2 pr-10 font-mono text-meta leading-5 tab-2"
        >
          {code}
        </pre>
        <span className="absolute top-1 right-1">
          <CopyButton text={code} />
        </span>
      </div>
      <p className="text-meta text-ink-3">{t("receiverText")}</p>
    </div>
  );
}
