"use client";

import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ToggleField } from "@/components/kit/field.tsx";
import { noticeLevels, useDesktopNotices, useNoticeLevel } from "@/components/kit/notice-choices.ts";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Switch } from "@/components/ui/switch.tsx";

/** What the bell counts, and whether the browser tells of it while the console is in the background. */
export function NoticesField() {
  const t = useTranslations("settings.notices");
  const id = useId();
  const [level, setLevel] = useNoticeLevel();
  const [desktop, setDesktop] = useDesktopNotices();
  const [isDenied, setDenied] = useState(false);
  const change = async (isOn: boolean) => {
    if (!isOn) return setDesktop("off");
    // Browsers have it only where the connection is secure.
    const answer = "Notification" in globalThis ? await Notification.requestPermission() : "denied";
    setDenied(answer !== "granted");
    if (answer === "granted") setDesktop("on");
  };
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-col items-start gap-1">
        <span className="font-medium">{t("title")}</span>
        <Segmented
          label={t("title")}
          value={level}
          onChange={setLevel}
          options={noticeLevels.map((value) => ({ value, label: t(`levels.${value}`) }))}
        />
      </div>
      <ToggleField label={t("desktop")} htmlFor={id} help={t(isDenied ? "desktopDenied" : "desktopHint")}>
        <Switch
          id={id}
          checked={desktop === "on"}
          onCheckedChange={(isOn) => void change(isOn)}
          aria-describedby={`${id}-help`}
        />
      </ToggleField>
    </div>
  );
}
