"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { useHost } from "@/components/kit/use-host.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { api } from "@/lib/api/client.ts";
import type { ForwardRule } from "@/lib/contracts/forward-policy.ts";
import { type Question, QuestionFields } from "./question-fields.tsx";
import { samples } from "./samples.ts";
import { SimulationView } from "./simulation-view.tsx";

interface Props {
  /** Rules that are being edited; null: there are none but those in force. */
  draft: ForwardRule[] | null;
  hosts: readonly string[];
}

/** What would happen to a message whose recipient is away. The server answers with the code that does it. */
export function Simulator({ draft, hosts }: Props) {
  const t = useTranslations("simulator");
  const section = useRef<HTMLDivElement>(null);
  const [host] = useHost();
  const [event, setEvent] = useQueryState("simulate", parseAsString);
  const [chosen, setChosen] = useQueryState("on", parseAsString);
  const [question, setQuestion] = useState<Question>({ source: "chat", text: "", event: "" });
  const [isDraft, setDraft] = useState(true);
  const simulation = useMutation(api.forward.simulate.mutationOptions({ mutationKey: [], meta: { inline: true } }));
  const on = chosen ?? host ?? hosts[0] ?? "";
  // Only an account that exists has anything kept for it.
  const accounts = useQuery(
    api.users.list.queryOptions({ input: { host: on, limit: 1 }, enabled: on !== "", staleTime: 60_000 }),
  );
  const to = accounts.data?.items[0]?.jid ?? `juliet@${on}`;
  const { source } = question;
  const stanza = source === "own" || source === "event" ? question.text : samples[source](on, to);

  const { mutate } = simulation;
  const rules = draft && isDraft ? { rules: draft } : {};
  const ask = (submitted: FormEvent) => {
    submitted.preventDefault();
    if (event !== null) mutate({ host: on, event, ...rules });
    else if (source === "event") void setEvent(question.event.trim() || null);
    else mutate({ host: on, stanza, ...(source === "mention" ? { class: "mention" } : {}), ...rules });
  };
  // A link to this part of the page is older than the part.
  useEffect(() => {
    if (location.hash === "#simulator") section.current?.scrollIntoView({ block: "start" });
  }, []);
  // An event in the address, as in a link from its page, is asked about at once.
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
              <QuestionFields
                question={question}
                text={stanza}
                host={on}
                hosts={hosts}
                onChange={setQuestion}
                onHost={(next) => void setChosen(next)}
              />
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
              <ProblemBanner error={simulation.error} />
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
