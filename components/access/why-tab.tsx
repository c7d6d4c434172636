"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import { type FormEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { ErrorState } from "@/components/kit/states.tsx";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { SaveTest } from "./save-test.tsx";
import { TestList } from "./test-list.tsx";
import type { DraftState } from "./use-draft.ts";
import { VerdictView } from "./verdict-view.tsx";

const parsers = { rule: parseAsString, jid: parseAsString, ip: parseAsString, on: parseAsString };

/** The simulator. Its question is in the address, so that an answer can be shown to somebody else. */
export function WhyTab({ draft }: { draft: DraftState }) {
  const t = useTranslations("access.why");
  const tests = useTranslations("policy.tests");
  const id = useId();
  const hosts = useHosts();
  const [asked, setAsked] = useQueryStates(parsers, { history: "push" });
  const [form, setForm] = useState({
    rule: asked.rule ?? "",
    jid: asked.jid ?? "",
    ip: asked.ip ?? "",
    on: asked.on ?? "",
  });
  const [isDraft, setDraft] = useState(false);
  const source = isDraft && draft.draft ? draft.draft.policy : undefined;
  const { policy } = draft;
  const rules = Object.keys(policy?.accessRules ?? {});
  const rule = form.rule || rules[0] || "";

  const verdict = useQuery(
    api.policy.testAccess.queryOptions({
      input: {
        rule: asked.rule ?? "",
        jid: asked.jid ?? "",
        ...(asked.ip ? { ip: asked.ip } : {}),
        ...(asked.on ? { host: asked.on } : {}),
        ...(source ? { draft: source } : {}),
      },
      enabled: Boolean(asked.rule && asked.jid),
      placeholderData: keepPreviousData,
    }),
  );
  const ask = (event: FormEvent) => {
    event.preventDefault();
    void setAsked({ rule, jid: form.jid.trim() || null, ip: form.ip.trim() || null, on: form.on || null });
    void verdict.refetch();
  };

  return (
    <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,340px)_minmax(0,1fr)]">
      <Panel>
        <form onSubmit={ask} className="flex flex-col gap-4">
          <p className="text-ink-2">{t("lead")}</p>
          <Field label={t("rule")} htmlFor={`${id}-rule`}>
            <Select
              id={`${id}-rule`}
              value={rule}
              onChange={(event) => setForm({ ...form, rule: event.target.value })}
              className="w-full"
            >
              {[...new Set([...rules, ...(form.rule ? [form.rule] : [])])].map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </Field>
          <Field label={t("jid")} htmlFor={`${id}-jid`}>
            <Input
              id={`${id}-jid`}
              value={form.jid}
              placeholder="anna@example.org"
              spellCheck={false}
              autoCapitalize="none"
              onChange={(event) => setForm({ ...form, jid: event.target.value })}
            />
          </Field>
          <Field label={t("ip")} htmlFor={`${id}-ip`}>
            <Input
              id={`${id}-ip`}
              value={form.ip}
              placeholder="192.0.2.7"
              spellCheck={false}
              onChange={(event) => setForm({ ...form, ip: event.target.value })}
            />
          </Field>
          <Field label={t("host")} htmlFor={`${id}-host`}>
            <Select
              id={`${id}-host`}
              value={form.on}
              onChange={(event) => setForm({ ...form, on: event.target.value })}
              className="w-full"
            >
              <option value="">—</option>
              {hosts.map((host) => (
                <option key={host}>{host}</option>
              ))}
            </Select>
          </Field>
          {draft.draft ? (
            <Segmented
              label={t("source")}
              value={isDraft ? "draft" : "live"}
              onChange={(next) => setDraft(next === "draft")}
              options={(["live", "draft"] as const).map((value) => ({ value, label: t(value) }))}
              className="self-start"
            />
          ) : null}
          <Button type="submit" variant="primary" className="self-start" disabled={!form.jid.trim()}>
            {t("ask")}
          </Button>
        </form>
      </Panel>
      <div className="flex flex-col gap-5">
        <Panel>
          <div aria-live="polite" className="flex flex-col gap-4">
            {verdict.data ? (
              <>
                <VerdictView verdict={verdict.data} />
                {policy && asked.rule && asked.jid && !verdict.isPlaceholderData ? (
                  <SaveTest
                    policy={policy}
                    question={{
                      rule: asked.rule,
                      jid: asked.jid,
                      ...(asked.ip ? { ip: asked.ip } : {}),
                      ...(asked.on ? { host: asked.on } : {}),
                      expected: verdict.data.allowed ? "allow" : "deny",
                    }}
                    onSave={(test) => draft.change({ ...policy, tests: [...policy.tests, test] })}
                  />
                ) : null}
              </>
            ) : verdict.isError ? (
              <ErrorState error={verdict.error} onRetry={() => void verdict.refetch()} />
            ) : (
              <p className="text-ink-2">{t("empty")}</p>
            )}
          </div>
        </Panel>
        {policy ? (
          <Panel title={tests("title")}>
            <TestList
              policy={policy}
              onRemove={(index) => draft.change({ ...policy, tests: policy.tests.toSpliced(index, 1) })}
            />
          </Panel>
        ) : null}
      </div>
    </div>
  );
}
