"use client";

import { useMutation } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import { problemOf } from "@/lib/api/problem.ts";
import type { User } from "@/lib/contracts/users.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { TagList } from "./tag-list.tsx";
import { useTags } from "./use-tags.ts";

/** Tags of an account, and the way to put one on. Each change acts at once. */
export function TagsPanel({ user }: { user: Pick<User, "jid" | "host" | "tags"> }) {
  const t = useTranslations();
  const id = useId();
  const mayChange = useMay()("users.setTags", user.host);
  const known = useTags(user.host).filter((tag) => !user.tags.includes(tag));
  const [typed, setTyped] = useState("");
  const change = useMutation(api.users.setTags.mutationOptions({ meta: { inline: true } }));
  const { jid } = user;
  if (!mayChange)
    return user.tags.length === 0 ? null : (
      <Panel title={t("users.tags")}>
        <TagList tags={user.tags} />
      </Panel>
    );
  const problem = change.error ? problemOf(change.error) : null;
  const add = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ jid, add: [typed] }, { onSuccess: () => setTyped("") });
  };
  return (
    <Panel title={t("users.tags")}>
      <div className="flex flex-col gap-3">
        <p className="text-ink-2">{t("users.tagsText")}</p>
        <ul className="flex flex-wrap gap-2 empty:hidden">
          {user.tags.map((tag) => (
            <li
              key={tag}
              className="inline-flex min-h-8 items-center rounded-control border border-line-strong/60 pl-2.5"
            >
              <bdi>{visible(tag)}</bdi>
              <Button
                variant="ghost"
                size="sm"
                className="w-7 px-0"
                aria-label={t("users.removeTag", { tag: visible(tag) })}
                disabled={change.isPending}
                onClick={() => change.mutate({ jid, remove: [tag] })}
              >
                <X aria-hidden className="size-3.5" />
              </Button>
            </li>
          ))}
        </ul>
        <form onSubmit={add} className="flex flex-wrap items-end gap-2">
          <Field
            label={t("users.addTag")}
            htmlFor={id}
            help={t("bulk.wordHelp")}
            error={problem?.errors?.[0]?.message ?? problem?.detail}
          >
            <span className="flex flex-wrap gap-2">
              <Input
                id={id}
                list={`${id}-known`}
                value={typed}
                maxLength={32}
                autoCapitalize="none"
                autoComplete="off"
                spellCheck={false}
                aria-describedby={`${id}-help`}
                onChange={(event) => setTyped(event.target.value)}
                className="w-60"
              />
              <datalist id={`${id}-known`}>
                {known.map((tag) => (
                  <option key={tag} value={tag}>
                    {visible(tag)}
                  </option>
                ))}
              </datalist>
              <Button type="submit" disabled={typed.trim() === "" || change.isPending}>
                {t("users.addTag")}
              </Button>
            </span>
          </Field>
        </form>
        <Equivalent
          command={commandLine("nightpost", "users", "tag", typed || "TAG", "--only", jid)}
          method="PATCH"
          path={`/users/${encodeURIComponent(jid)}/tags`}
          body={{ add: [typed || "TAG"] }}
        />
      </div>
    </Panel>
  );
}
