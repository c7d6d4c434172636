"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useKept } from "@/components/kit/use-kept.ts";
import { useLeaveGuard } from "@/components/kit/use-leave-guard.ts";
import { Button } from "@/components/ui/button.tsx";
import { Input, Textarea } from "@/components/ui/input.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { useBrand } from "@/lib/api/brand.ts";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { Brand } from "@/lib/contracts/console-policy.ts";

export function BrandPanel() {
  const brand = useBrand();
  if (brand === undefined) return <Skeleton className="h-60 w-full" />;
  return <BrandForm key={JSON.stringify(brand)} brand={brand} />;
}

/** What the console calls itself, and what it tells those who are not logged in. */
function BrandForm({ brand }: { brand: Brand }) {
  const t = useTranslations();
  const id = useId();
  const mayChange = useMay()("roles.setBrand");
  const [kept, keep] = useKept<Brand>("brand");
  const own = kept ?? brand;
  const save = useMutation(api.roles.setBrand.mutationOptions({ meta: { inline: true } }));
  const isDirty = JSON.stringify(own) !== JSON.stringify(brand);
  useLeaveGuard(isDirty && !save.isPending);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { brand: own },
      {
        onSuccess: ({ revision }) => {
          keep(null);
          toast.success(t("access.applied", { id: revision.id }));
        },
      },
    );
  };
  const field = (name: keyof Brand) => ({
    id: `${id}-${name}`,
    value: own[name],
    "aria-describedby": `${id}-${name}-help`,
    onChange: ({ target }: { target: { value: string } }) => keep({ ...own, [name]: target.value }),
  });

  return (
    <form onSubmit={submit}>
      <Panel title={t("loginPolicy.brand.title")} note={t("loginPolicy.brand.lead")}>
        <fieldset disabled={!mayChange} className="flex max-w-[720px] flex-col gap-5">
          {save.isError ? <ProblemBanner error={save.error} /> : null}
          <Field label={t("loginPolicy.brand.name")} htmlFor={`${id}-name`} help={t("loginPolicy.brand.nameHint")}>
            <Input {...field("name")} maxLength={40} placeholder={t("common.product")} className="w-72 max-sm:w-full" />
          </Field>
          <Field
            label={t("loginPolicy.brand.notice")}
            htmlFor={`${id}-notice`}
            help={t("loginPolicy.brand.noticeHint")}
          >
            <Textarea {...field("notice")} rows={3} maxLength={1000} />
          </Field>
          <Field
            label={t("loginPolicy.brand.support")}
            htmlFor={`${id}-support`}
            help={t("loginPolicy.brand.supportHint")}
          >
            <Input {...field("support")} maxLength={500} placeholder="mailto:help@example.org" spellCheck={false} />
          </Field>
          <Equivalent method="PUT" path="/brand" body={{ brand: own }} />
          {mayChange ? (
            <div className="flex gap-2">
              <Button type="submit" variant="primary" disabled={!isDirty || save.isPending}>
                {t("access.apply")}
              </Button>
              <Button disabled={!isDirty} onClick={() => keep(null)}>
                {t("common.discard")}
              </Button>
            </div>
          ) : null}
        </fieldset>
      </Panel>
    </form>
  );
}
