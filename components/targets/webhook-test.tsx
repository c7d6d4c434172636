"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { TestResult } from "@/components/kit/test-result.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import { testSignatures } from "@/lib/contracts/words.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import { visible } from "@/lib/format/visible.ts";

const pastEvents = 20;

/** Sends a sample at once; then whatever is chosen: what an event was sent as, signed as it should not be. */
export function WebhookTest({ name, onClose }: { name: string; onClose: () => void }) {
  const t = useTranslations();
  const id = useId();
  const times = useTimes();
  const may = useMay();
  const [event, setEvent] = useState("");
  const [signature, setSignature] = useState<(typeof testSignatures)[number]>("valid");
  const past = useQuery(
    api.forward.list.queryOptions({ input: { target: name, limit: pastEvents }, enabled: may("forward.reveal") }),
  );
  const test = useMutation(api.forward.testTarget.mutationOptions({ meta: { inline: true } }));
  const { mutate } = test;
  useEffect(() => mutate({ name }), [mutate, name]);
  const events = past.data?.items ?? [];
  const asked = test.variables?.signature ?? "valid";
  const isTaken = !test.isPending && test.data?.outcome === "delivered" && asked !== "valid";
  return (
    <>
      <DialogBody>
        {events.length === 0 ? null : (
          <Field label={t("targets.testWhat")} htmlFor={id}>
            <Select id={id} value={event} onChange={(change) => setEvent(change.target.value)} className="w-full">
              <option value="">{t("targets.testSample")}</option>
              {events.map((each) => (
                <option key={each.id} value={each.id}>
                  {`${times.full(each.createdAt)} · ${visible(each.user)} · ${t(`forward.states.${each.state}`)}`}
                </option>
              ))}
            </Select>
          </Field>
        )}
        <div className="flex flex-col gap-1">
          <span className="font-medium">{t("targets.testSignature")}</span>
          <Segmented
            label={t("targets.testSignature")}
            value={signature}
            onChange={setSignature}
            options={testSignatures.map((value) => ({ value, label: t(`targets.testSignatures.${value}`) }))}
            className="self-start"
          />
          {signature === "valid" ? null : <p className="text-meta text-ink-3">{t("targets.testRefuse")}</p>}
        </div>
        {isTaken ? <Banner tone="warn">{t("targets.testTaken")}</Banner> : null}
        <TestResult test={test} />
      </DialogBody>
      <DialogFooter>
        <Button
          onClick={() => mutate({ name, signature, ...(event === "" ? {} : { event }) })}
          disabled={test.isPending}
        >
          {t("targets.test")}
        </Button>
        <Button variant="primary" onClick={onClose}>
          {t("common.close")}
        </Button>
      </DialogFooter>
    </>
  );
}
