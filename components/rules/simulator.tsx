"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { CodeArea } from "@/components/kit/code-area.tsx";
import { Field } from "@/components/kit/field.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import type { ForwardRule } from "@/lib/contracts/forward-policy.ts";
import { type SampleName, sampleNames, samples } from "./samples.ts";
import { SimulationView } from "./simulation-view.tsx";

interface Props {
  /** Rules that are being edited; null: there are none but those in force. */
  draft: ForwardRule[] | null;
  hosts: readonly string[];
}

/** What would happen to a message whose recipient is away. The server answers with the code that does it. */
export function Simulator({ draft, hosts }: Props) {
  const t = useTranslations("simulator");
  const id = useId();
  const problemText = useProblemText();
  const section = useRef<HTMLDivElement>(null);
  const [host] = useHost();
  const [event, setEvent] = useQueryState("simulate", parseAsString);
  const [chosen, setChosen] = useQueryState("on", parseAsString);
  const [sample, setSample] = useState<SampleName | null>("chat");
  const [typed, setTyped] = useState<string | null>(null);
  const [isDraft, setDraft] = useState(true);
  const simulation = useMutation(api.forward.simulate.mutationOptions({ mutationKey: [], meta: { inline: true } }));
  const on = chosen ?? host ?? hosts[0] ?? "";
  // Only an account that exists has anything kept for it.
  const accounts = useQuery(
    api.users.list.queryOptions({ input: { host: on, limit: 1 }, enabled: on !== "", staleTime: 60_000 }),
  );
  const to = accounts.data?.items[0]?.jid ?? `juliet@${on}`;
  const text = typed ?? samples[sample ?? "chat"](on, to);

  const ask = (submitted?: FormEvent) => {
    submitted?.preventDefault();
    simulation.mutate({
      host: on,
      ...(event === null ? { stanza: text } : { event }),
      ...(event === null && typed === null && sample === "mention" ? { class: "mention" as const } : {}),
      ...(draft && isDraft ? { rules: draft } : {}),
    });
  };
  const { mutate } = simulation;
  // A link from an event asks at once.
  useEffect(() => {
    if (event === null || on === "") return;
    section.current?.scrollIntoView({ block: "start" });
    mutate({ host: on, event });
  }, [event, on, mutate]);

  return (
    <div ref={section} id="simulator" className="scroll-mt-4">
      <Panel title={t("title")} note={t("note")} flush>
        <div className="grid lg:grid-cols-[minmax(0,420px)_minmax(0,1fr)]">
          <form onSubmit={ask} className="flex flex-col gap-4 border-line p-4 max-lg:border-b lg:border-r">
            {event === null ? (
              <>
                <div className="flex flex-wrap gap-3">
                  <Field label={t("sample")} htmlFor={`${id}-sample`} className="flex-1 basis-40">
                    <Select
                      id={`${id}-sample`}
                      value={typed === null ? (sample ?? "") : ""}
                      onChange={(change) => {
                        setTyped(null);
                        setSample(sampleNames.find((name) => name === change.target.value) ?? null);
                      }}
                      className="w-full"
                    >
                      {typed === null ? null : <option value="">{t("own")}</option>}
                      {sampleNames.map((name) => (
                        <option key={name} value={name}>
                          {t(`samples.${name}`)}
                        </option>
                      ))}
                    </Select>
                  </Field>
                  <Field label={t("host")} htmlFor={`${id}-host`} className="flex-1 basis-40">
                    <Select
                      id={`${id}-host`}
                      value={on}
                      onChange={(change) => void setChosen(change.target.value)}
                      className="w-full"
                    >
                      {hosts.map((name) => (
                        <option key={name}>{name}</option>
                      ))}
                    </Select>
                  </Field>
                </div>
                <div className="flex flex-col gap-1">
                  <label htmlFor={`${id}-stanza`} className="font-medium">
                    {t("stanza")}
                  </label>
                  <CodeArea id={`${id}-stanza`} value={text} onChange={setTyped} problems={[]} rows={8} isWrapped />
                </div>
              </>
            ) : (
              <Banner
                action={
                  <Button size="sm" onClick={() => void setEvent(null)}>
                    {t("another")}
                  </Button>
                }
              >
                {t("ofEvent")} <code className="font-mono text-meta">{event}</code>
              </Banner>
            )}
            {draft ? (
              <Segmented
                label={t("source")}
                value={isDraft ? "draft" : "live"}
                onChange={(next) => setDraft(next === "draft")}
                options={(["draft", "live"] as const).map((value) => ({ value, label: t(value) }))}
                className="self-start"
              />
            ) : null}
            <Button type="submit" variant="primary" className="self-start" disabled={simulation.isPending || on === ""}>
              {t("ask")}
            </Button>
          </form>
          <div aria-live="polite" aria-busy={simulation.isPending} className="min-w-0 p-4">
            {simulation.error ? (
              <Banner tone="err" alert>
                {problemText(simulation.error)}
              </Banner>
            ) : simulation.data ? (
              <SimulationView simulation={simulation.data} />
            ) : (
              <p className="text-ink-2">{t("empty")}</p>
            )}
          </div>
        </div>
      </Panel>
    </div>
  );
}
