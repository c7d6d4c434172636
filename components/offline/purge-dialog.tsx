"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { useSettled } from "@/components/kit/use-settled.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { commandLine } from "@/lib/format/shell.ts";

const dayMs = 86_400_000;
const ages = { any: 0, day: 1, week: 7, month: 30, quarter: 90 };
type Age = keyof typeof ages;
const ageNames = Object.keys(ages) as Age[];

interface Props {
  open: boolean;
  onClose: () => void;
  /** Chosen at first. */
  host: string | null;
}

/** Deletes what waits by filter, after saying how much that is. */
export function PurgeDialog({ open, onClose, host }: Props) {
  const t = useTranslations("offline");
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("purgeTitle")}
      description={t("purgeText")}
      size="md"
    >
      {open ? <Content host={host} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Content({ host: initial, onClose }: Omit<Props, "open">) {
  const t = useTranslations("offline");
  const common = useTranslations("common");
  const locale = useLocale();
  const id = useId();
  const hosts = useHosts();
  const [host, setHost] = useState(initial ?? "");
  const [from, setFrom] = useState("");
  const [age, setAge] = useState<Age>("month");
  // The same point in time for the count and for the deed.
  const [openedAt] = useState(() => Date.now());
  const filter = {
    ...(host === "" ? {} : { host }),
    ...(from.trim() === "" ? {} : { from: from.trim() }),
    ...(age === "any" ? {} : { before: new Date(openedAt - ages[age] * dayMs).toISOString() }),
  };
  const settled = useSettled(JSON.stringify(filter), 300);
  const asked = JSON.parse(settled) as typeof filter;
  const count = useQuery(api.offline.count.queryOptions({ input: asked, staleTime: 0, retry: false }));
  const purge = useMutation(api.offline.purge.mutationOptions({ meta: { inline: true }, onSuccess: onClose }));
  const error = purge.error ?? count.error;
  const matching = count.data?.messages ?? 0;
  const isSettled = settled === JSON.stringify(filter) && !count.isFetching;
  return (
    <>
      <DialogBody>
        {error ? <ProblemBanner error={error} /> : null}
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={t("purgeHost")} htmlFor={`${id}-host`}>
            <Select id={`${id}-host`} value={host} onChange={(event) => setHost(event.target.value)}>
              <option value="">{t("anyHost")}</option>
              {hosts.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </Field>
          <Field label={t("purgeBefore")} htmlFor={`${id}-age`}>
            <Select
              id={`${id}-age`}
              value={age}
              onChange={(event) => setAge(ageNames.find((name) => name === event.target.value) ?? "month")}
            >
              {ageNames.map((name) => (
                <option key={name} value={name}>
                  {t(`purgeAges.${name}`)}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <Field label={t("purgeFrom")} htmlFor={`${id}-from`} help={t("purgeFromHelp")} note={common("optional")}>
          <Input
            id={`${id}-from`}
            value={from}
            onChange={(event) => setFrom(event.target.value)}
            aria-describedby={`${id}-from-help`}
            autoCapitalize="none"
            spellCheck={false}
          />
        </Field>
        {Object.keys(filter).length === 0 ? <Banner tone="warn">{t("purgeEverything")}</Banner> : null}
        <p aria-live="polite" className="min-h-5 font-medium">
          {count.data
            ? t("purgeCount", {
                count: matching,
                of: count.data.of,
                size: formatBytes(count.data.bytes, locale),
              })
            : null}
        </p>
        <Equivalent
          command={commandLine(
            ...["nightpost", "offline", "purge"],
            ...(host === "" ? [] : ["--host", host]),
            ...(filter.from === undefined ? [] : ["--from", filter.from]),
            ...(filter.before === undefined ? [] : ["--before", filter.before]),
            ...(Object.keys(filter).length === 0 ? ["--all"] : []),
          )}
          method="POST"
          path="/offline/purges"
          body={filter}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{common("cancel")}</Button>
        <Button
          variant="danger"
          disabled={matching === 0 || !isSettled || purge.isPending}
          onClick={() => purge.mutate(asked)}
        >
          {t("purgeConfirm", { count: matching })}
        </Button>
      </DialogFooter>
    </>
  );
}
