"use client";

import { useTranslations } from "use-intl";
import { useCommandKey } from "@/components/kit/use-command-key.ts";
import { Dialog, DialogBody } from "@/components/ui/dialog.tsx";
import { Kbd } from "@/components/ui/kbd.tsx";
import { navigationItems } from "./navigation.ts";
import { useMayVisit } from "./use-navigation.ts";

/** A `+` in front stands for the key for commands. */
const sections = [
  {
    name: "everywhere",
    keys: [
      ["palette", ["+K"]],
      ["search", ["/"]],
      ["save", ["+S"]],
      ["undo", ["+Z"]],
      ["text", ["+E"]],
      ["sheet", ["?"]],
      ["sidebar", ["["]],
    ],
  },
  {
    name: "tables",
    keys: [
      ["move", ["↑", "↓", "j", "k"]],
      ["select", ["Space"]],
      ["open", ["Enter"]],
      ["back", ["Esc"]],
    ],
  },
  {
    name: "forward",
    keys: [
      ["beside", ["J", "K"]],
      ["live", ["L"]],
      ["hold", ["P"]],
      ["top", ["Home"]],
      ["range", ["Shift", "←", "→"]],
      ["whole", ["Z"]],
      ["retry", ["R"]],
      ["link", ["C"]],
      ["curl", ["X"]],
      ["attempt", ["1", "…", "9"]],
    ],
  },
] as const;

export function KeySheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations("shell");
  const command = useCommandKey();
  const mayVisit = useMayVisit();
  const pages = navigationItems.filter((item) => item.key !== undefined && mayVisit(item));
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("keys.title")} size="lg">
      <DialogBody className="grid content-start gap-x-8 gap-y-5 sm:grid-cols-2">
        <div className="flex flex-col gap-5">
          {sections.map((section) => (
            <section key={section.name}>
              <h3 className="mb-1 text-meta text-ink-3">{t(`keys.${section.name}`)}</h3>
              <dl>
                {section.keys.map(([name, keys]) => (
                  <Line key={name} name={t(`keys.${name}`)} keys={keys.map((key) => key.replace("+", command))} />
                ))}
              </dl>
            </section>
          ))}
        </div>
        <section>
          <h3 className="mb-1 text-meta text-ink-3">{t("keys.pages")}</h3>
          <dl>
            {pages.map(({ page, key = "" }) => (
              <Line key={page} name={t(`pages.${page}`)} keys={["g", key]} />
            ))}
          </dl>
        </section>
      </DialogBody>
    </Dialog>
  );
}

function Line({ name, keys }: { name: string; keys: readonly string[] }) {
  return (
    <div className="flex items-center gap-4 border-b border-line py-1 last:border-b-0">
      <dt className="flex-1">{name}</dt>
      <dd className="flex gap-1">
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </dd>
    </div>
  );
}
