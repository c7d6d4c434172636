"use client";

import { Dialog } from "radix-ui";
import { useTranslations } from "use-intl";
import { Sidebar } from "./sidebar.tsx";

/** The sidebar where there is no room for it: over the page. */
export function Drawer({ onClose }: { onClose: () => void }) {
  const t = useTranslations("shell");
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim md:hidden" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-50 w-64 max-w-[85vw] border-r border-line bg-surface shadow-overlay focus:outline-none md:hidden"
        >
          <Dialog.Title className="sr-only">{t("navigation")}</Dialog.Title>
          <Sidebar isCollapsed={false} onNavigate={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
