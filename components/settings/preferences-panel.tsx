"use client";

import { useDeferredValue, useId } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { LanguageChoice, ThemeChoice } from "@/components/kit/preferences.tsx";
import { useDensity } from "@/components/kit/use-table-view.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Select } from "@/components/ui/select.tsx";
import { browserZone, useTimeZoneSetting } from "@/lib/format/time-zone.ts";
import { NoticesField } from "./notices-field.tsx";

const zones = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

export function PreferencesPanel() {
  const t = useTranslations();
  const id = useId();
  const [zone, setZone] = useTimeZoneSetting();
  const [density, setDensity] = useDensity();
  // Four hundred of them come after the page.
  const listed = useDeferredValue(
    zones,
    zones.filter((name) => name === zone),
  );
  return (
    <Panel title={t("settings.me")}>
      <div className="flex flex-wrap items-start gap-x-10 gap-y-5">
        <div className="flex flex-col gap-1">
          <span className="font-medium">{t("common.language")}</span>
          <LanguageChoice />
        </div>
        <div className="flex flex-col gap-1">
          <span className="font-medium">{t("common.theme")}</span>
          <ThemeChoice />
        </div>
        <div className="flex flex-col gap-1">
          <span className="font-medium">{t("common.density")}</span>
          <Segmented
            label={t("common.density")}
            value={density}
            onChange={setDensity}
            options={(["comfortable", "compact"] as const).map((value) => ({ value, label: t(`common.${value}`) }))}
          />
        </div>
        <Field label={t("settings.zone")} htmlFor={id} help={t("settings.zoneHint")}>
          <Select
            id={id}
            value={zone}
            onChange={(event) => setZone(event.target.value)}
            aria-describedby={`${id}-help`}
            className="w-72 max-sm:w-full"
          >
            <option value="browser" suppressHydrationWarning>
              {t("settings.zoneBrowser", { zone: browserZone() })}
            </option>
            {listed.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </Field>
        <NoticesField />
      </div>
    </Panel>
  );
}
