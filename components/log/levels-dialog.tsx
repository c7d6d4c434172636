"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { May } from "@/components/kit/may.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import type { LogLevel } from "@/lib/contracts/log.ts";
import { logLevels } from "@/lib/contracts/words.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import { LevelText } from "./level-text.tsx";

const spans = [5, 15, 60, 240];

/** Levels of the log for a while, of one module or of all. */
export function LevelsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useTranslations("log");
  const levels = useQuery(api.log.levels.queryOptions({ enabled: open }));
  const standard = levels.data?.standard;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("levelsTitle")}
      description={standard ? t("levelsText", { standard: t(`levels.${standard}`) }) : ""}
      size="md"
    >
      {open ? <Content onClose={onClose} /> : null}
    </Dialog>
  );
}

function Content({ onClose }: { onClose: () => void }) {
  const t = useTranslations();
  const id = useId();
  const times = useTimes();
  const [module, setModule] = useState("");
  const [level, setLevel] = useState<LogLevel>("debug");
  const [minutes, setMinutes] = useState(15);
  const levels = useQuery(api.log.levels.queryOptions());
  const inline = { meta: { inline: true } };
  const set = useMutation(api.log.setLevel.mutationOptions(inline));
  const reset = useMutation(api.log.resetLevel.mutationOptions(inline));
  const error = set.error ?? reset.error;
  const overrides = levels.data?.overrides ?? [];
  const body = { module: module === "" ? null : module, level, minutes };
  return (
    <>
      <DialogBody>
        {error ? <ProblemBanner error={error} /> : null}
        {overrides.length === 0 ? <p className="text-ink-2">{t("log.noOverrides")}</p> : null}
        <ul className="flex flex-col divide-y divide-line empty:hidden">
          {overrides.map((one) => (
            <li key={one.module ?? ""} className="flex min-h-9 flex-wrap items-center gap-x-3">
              <LevelText level={one.level} />
              <span className="font-medium">{one.module ?? t("log.allModules")}</span>
              <span className="text-meta text-ink-3">
                {t("log.until", { time: times.clock(one.until).slice(0, 8) })}
              </span>
              <May call="log.resetLevel">
                <Button
                  size="sm"
                  variant="ghost"
                  className="ml-auto"
                  disabled={reset.isPending}
                  onClick={() => reset.mutate({ module: one.module })}
                >
                  {t("log.reset")}
                </Button>
              </May>
            </li>
          ))}
        </ul>
        <div className="flex flex-wrap items-start gap-3">
          <Field label={t("log.module")} htmlFor={`${id}-module`}>
            <Select
              id={`${id}-module`}
              value={module}
              onChange={(event) => setModule(event.target.value)}
              className="w-44"
            >
              <option value="">{t("log.allModules")}</option>
              {(levels.data?.modules ?? []).map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </Field>
          <Field label={t("log.level")} htmlFor={`${id}-level`}>
            <Select
              id={`${id}-level`}
              value={level}
              onChange={(event) => setLevel(logLevels.find((one) => one === event.target.value) ?? "debug")}
              className="w-32"
            >
              {logLevels.map((one) => (
                <option key={one} value={one}>
                  {t(`log.levels.${one}`)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t("log.minutes")} htmlFor={`${id}-minutes`}>
            <Select
              id={`${id}-minutes`}
              value={String(minutes)}
              onChange={(event) => setMinutes(Number(event.target.value))}
              className="w-36"
            >
              {spans.map((span) => (
                <option key={span} value={span}>
                  {t("log.minutesValue", { count: span })}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <Equivalent
          command={commandLine(
            ...["nightpost", "log", "level", level, "--minutes", String(minutes)],
            ...(module === "" ? [] : ["--module", module]),
          )}
          method="PUT"
          path="/log/levels"
          body={body}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.close")}</Button>
        <May call="log.setLevel">
          <Button variant="primary" disabled={set.isPending} onClick={() => set.mutate(body)}>
            {t("log.set")}
          </Button>
        </May>
      </DialogFooter>
    </>
  );
}
