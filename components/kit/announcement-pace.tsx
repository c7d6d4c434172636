"use client";

import { useTranslations } from "use-intl";
import { Select } from "@/components/ui/select.tsx";
import { Field } from "./field.tsx";

/** Messages in a second. */
export const announcementPaces = { slow: 50, normal: 200, fast: 1000 } as const;
export type AnnouncementPace = keyof typeof announcementPaces;

const names = Object.keys(announcementPaces) as AnnouncementPace[];

export function AnnouncementPaceField({
  id,
  value,
  onChange,
}: {
  id: string;
  value: AnnouncementPace;
  onChange: (pace: AnnouncementPace) => void;
}) {
  const t = useTranslations("announcements");
  return (
    <Field label={t("pace")} htmlFor={`${id}-pace`}>
      <Select
        id={`${id}-pace`}
        value={value}
        onChange={(event) => onChange(names.find((each) => each === event.target.value) ?? "normal")}
        className="w-full"
      >
        {names.map((each) => (
          <option key={each} value={each}>
            {t(`paces.${each}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
