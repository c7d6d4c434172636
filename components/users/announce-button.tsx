"use client";

import { useState } from "react";
import { useTranslations } from "use-intl";
import { AnnounceDialog } from "@/components/kit/announce-dialog.tsx";
import { May } from "@/components/kit/may.tsx";
import { Button } from "@/components/ui/button.tsx";
import { commandLine } from "@/lib/format/shell.ts";
import { type Matching, userOptions } from "./bulk-command.ts";

/** A message to the selected accounts. */
export function AnnounceButton({ matching, onDone }: { matching: Matching; onDone: () => void }) {
  const t = useTranslations("bulk");
  const [isOpen, setOpen] = useState(false);
  const { host, ...filter } = matching;
  return (
    <May call="announcements.send" host={host ?? null}>
      <Button size="sm" onClick={() => setOpen(true)}>
        {t("announce")}
      </Button>
      <AnnounceDialog
        audience={isOpen ? { kind: "users", filter } : null}
        host={host}
        command={(subject, body) =>
          commandLine("nightpost", "users", "announce", subject, body, ...userOptions(matching))
        }
        onClose={(isSent) => {
          setOpen(false);
          if (isSent) onDone();
        }}
      />
    </May>
  );
}
