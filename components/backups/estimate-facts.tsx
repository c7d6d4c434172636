import { useFormatter, useLocale, useTranslations } from "use-intl";
import { Facts } from "@/components/kit/facts.tsx";
import type { BackupEstimate } from "@/lib/contracts/backups.ts";
import { formatBytes } from "@/lib/format/bytes.ts";

/** What a backup would take now, beside the room that there is. */
export function EstimateFacts({ estimate, hasUploads }: { estimate: BackupEstimate; hasUploads: boolean }) {
  const t = useTranslations("backups");
  const format = useFormatter();
  const locale = useLocale();
  const { storeBytes, uploads, elsewhere, freeBytes } = estimate;
  const files = ({ files: count, bytes }: BackupEstimate["uploads"]) =>
    t("uploadsOf", { count, text: format.number(count), size: formatBytes(bytes, locale) });
  return (
    <div className="flex flex-col gap-2">
      <Facts
        facts={[
          [t("storeSize"), formatBytes(storeBytes, locale)],
          [t("uploads"), hasUploads ? files(uploads) : t("leftOut")],
          [t("atMost"), formatBytes(storeBytes + (hasUploads ? uploads.bytes : 0), locale)],
          [t("free"), formatBytes(freeBytes, locale)],
        ]}
      />
      {elsewhere.files === 0 ? null : (
        <p className="text-meta text-ink-2">{t("elsewhere", { files: files(elsewhere) })}</p>
      )}
    </div>
  );
}
