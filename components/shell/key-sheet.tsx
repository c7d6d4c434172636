"use client";

import { useTranslations } from "use-intl";
import { Dialog, DialogBody } from "@/components/ui/dialog.tsx";
import { Kbd } from "@/components/ui/kbd.tsx";

const sections = [
  {
    name: "everywhere",
    keys: [
      ["palette", ["⌘K", "Ctrl K"]],
      ["search", ["/"]],
      ["sheet", ["?"]],
      ["sidebar", ["["]],
      ["go", ["g", "o · u · s · a · f"]],
    ],
  },
  {
    name: "tables",
    keys: [
      ["move", ["↑", "↓", "j", "k"]],
      ["open", ["Enter"]],
      ["back", ["Esc"]],
    ],
  },
  {
    name: "forward",
    keys: [
      ["live", ["L"]],
      ["top", ["Home"]],
      ["retry", ["R"]],
      ["link", ["C"]],
      ["curl", ["X"]],
    ],
  },
] as const;

export function KeySheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations("shell.keys");
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("title")} size="md">
      <DialogBody>
        {sections.map((section) => (
          <section key={section.name}>
            <h3 className="mb-1 text-meta text-ink-3">{t(section.name)}</h3>
            <dl className="divide-y divide-line border-y border-line">
              {section.keys.map(([name, keys]) => (
                <div key={name} className="flex items-center gap-4 py-1.5">
                  <dt className="flex-1">{t(name)}</dt>
                  <dd className="flex gap-1">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </DialogBody>
    </Dialog>
  );
}
