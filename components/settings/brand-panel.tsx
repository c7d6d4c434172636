"use client";

import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useKept } from "@/components/kit/use-kept.ts";
import { Input, Textarea } from "@/components/ui/input.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { useBrand } from "@/lib/api/brand.ts";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import { brandSheet } from "@/lib/brand/place.ts";
import type { Brand } from "@/lib/contracts/console-policy.ts";
import { AccentField } from "./accent-field.tsx";
import { LogoField } from "./logo-field.tsx";
import { PolicyForm } from "./policy-form.tsx";

export function BrandPanel() {
  const brand = useBrand();
  if (brand === undefined) return <Skeleton className="h-60 w-full" />;
  return <BrandForm key={JSON.stringify(brand)} brand={brand} />;
}

/** The page follows at once; others do when they are loaded. */
function renewSheet(revision: number): void {
  const link = document.querySelector<HTMLLinkElement>(`link[rel="stylesheet"][href^="${brandSheet}"]`);
  if (link !== null) link.href = `${brandSheet}?${revision}`;
}

/** What the console calls itself, and what it tells those who are not logged in. */
function BrandForm({ brand }: { brand: Brand }) {
  const t = useTranslations();
  const id = useId();
  const mayChange = useMay()("roles.setBrand");
  const [kept, keep] = useKept<Brand>("brand");
  const own = kept ?? brand;
  const save = useMutation(
    api.roles.setBrand.mutationOptions({
      meta: { inline: true },
      // Not of the call: by its answer the form may have begun anew with what holds now.
      onSuccess: ({ revision }) => {
        keep(null);
        renewSheet(revision.id);
        toast.success(t("access.applied", { id: revision.id }));
      },
    }),
  );
  const isDirty = JSON.stringify(own) !== JSON.stringify(brand);

  const field = (name: "name" | "notice" | "support") => ({
    id: `${id}-${name}`,
    value: own[name],
    "aria-describedby": `${id}-${name}-help`,
    onChange: ({ target }: { target: { value: string } }) => keep({ ...own, [name]: target.value }),
  });

  return (
    <PolicyForm
      title={t("loginPolicy.brand.title")}
      note={t("loginPolicy.brand.lead")}
      mayChange={mayChange}
      isDirty={isDirty}
      save={save}
      onSave={() => save.mutate({ brand: own })}
      onDiscard={() => keep(null)}
    >
      <Field label={t("loginPolicy.brand.name")} htmlFor={`${id}-name`} help={t("loginPolicy.brand.nameHint")}>
        <Input {...field("name")} maxLength={40} placeholder={t("common.product")} className="w-72 max-sm:w-full" />
      </Field>
      <Field label={t("loginPolicy.brand.notice")} htmlFor={`${id}-notice`} help={t("loginPolicy.brand.noticeHint")}>
        <Textarea {...field("notice")} rows={3} maxLength={1000} />
      </Field>
      <Field label={t("loginPolicy.brand.support")} htmlFor={`${id}-support`} help={t("loginPolicy.brand.supportHint")}>
        <Input {...field("support")} maxLength={500} placeholder="mailto:help@example.org" spellCheck={false} />
      </Field>
      <LogoField value={own.logo} mayChange={mayChange} onChange={(logo) => keep({ ...own, logo })} />
      <AccentField value={own.accent} onChange={(accent) => keep({ ...own, accent })} />
      <Equivalent method="PUT" path="/brand" body={{ brand: own }} />
    </PolicyForm>
  );
}
