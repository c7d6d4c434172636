"use client";

import { Download } from "lucide-react";
import { useTranslations } from "use-intl";
import { saveFile } from "@/components/kit/save-file.ts";
import { SecretText } from "@/components/kit/secret-text.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import type { MadeInvite } from "@/lib/contracts/invites.ts";
import { invitesCsv } from "./invites-csv.ts";
import { Letter } from "./letter.tsx";
import { QrCode } from "./qr-code.tsx";

/** The only time that the links of new invites are shown. */
export function MadeInvites({ invites, onClose }: { invites: readonly MadeInvite[]; onClose: () => void }) {
  const t = useTranslations("invites");
  const [first] = invites;
  if (first === undefined) return null;
  const links = invites.flatMap(({ url, uri }) => url ?? uri ?? []);
  return (
    <>
      <DialogBody>
        <Banner>{t("once", { count: invites.length })}</Banner>
        {invites.length === 1 ? (
          <>
            <QrCode text={first.url ?? first.uri ?? first.token} label={t("qr")} />
            {first.url === null ? null : <Link name={t("page")} text={first.url} />}
            {first.uri === null ? null : <Link name={t("uri")} text={first.uri} />}
            <Letter invite={first} />
          </>
        ) : (
          <div>
            <p className="flex items-center justify-between text-meta text-ink-3">
              {t("links")}
              <CopyButton text={links.join("\n")} />
            </p>
            <pre
              tabIndex={0}
              className="max-h-80 overflow-auto rounded-control bg-sunken px-3 py-2 font-mono text-meta"
            >
              {links.join("\n")}
            </pre>
            <Button
              size="sm"
              className="mt-2"
              onClick={() => saveFile(`invites-${first.host}.csv`, "text/csv", invitesCsv(invites))}
            >
              <Download aria-hidden className="size-3.5" />
              {t("save")}
            </Button>
          </div>
        )}
        <p className="text-ink-2">
          {t("until")} <TimeText at={first.expiresAt} as="full" />
        </p>
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onClick={onClose}>
          {t("iHaveIt")}
        </Button>
      </DialogFooter>
    </>
  );
}

function Link({ name, text }: { name: string; text: string }) {
  return (
    <div className="flex flex-col gap-1">
      <span className="font-medium">{name}</span>
      <SecretText text={text} />
    </div>
  );
}
