"use client";

import { useRouter, useSearchParams } from "next/navigation";
import { useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { Page } from "@/components/kit/page.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import { useBrand, useProductName } from "@/lib/api/brand.ts";
import { callbackPath } from "@/lib/auth/callback-path.ts";
import { sessionEnded } from "@/lib/auth/session-ended.ts";
import { visible } from "@/lib/format/visible.ts";
import { LoginForm } from "./login-form.tsx";

export function LoginPage() {
  const t = useTranslations();
  const router = useRouter();
  const brand = useBrand();
  const product = useProductName();
  const target = callbackPath(useSearchParams().get("callbackUrl"));
  const isExposed = useSyncExternalStore(noChange, isPlainAndRemote, () => false);
  const enter = () => {
    // A page before the log-in may have asked for what only an account is told.
    sessionEnded.set(false);
    router.replace(target);
  };
  return (
    <Page title={t("shell.pages.login")}>
      <div className="mx-auto flex w-full max-w-[360px] flex-col gap-5">
        <div>
          <h1 className="text-title font-semibold">{t("login.title", { product: product })}</h1>
          <p className="mt-0.5 text-ink-2">{t("login.lead")}</p>
        </div>
        {brand?.notice ? <p className="whitespace-pre-line wrap-anywhere">{visible(brand.notice, true)}</p> : null}
        {isExposed ? <Banner tone="warn">{t("login.plain")}</Banner> : null}
        <LoginForm onDone={enter} />
        {brand?.support ? (
          <a href={brand.support} rel="noreferrer" className="self-start text-accent hover:underline">
            {t("login.support")}
          </a>
        ) : null}
      </div>
    </Page>
  );
}

const noChange = () => () => undefined;
const isPlainAndRemote = () => location.protocol === "http:" && !/^(localhost|127\.|\[::1\])/.test(location.hostname);
