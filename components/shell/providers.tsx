"use client";

import { type ReactNode, useState } from "react";
import { QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import dynamic from "next/dynamic";
import { IntlProvider, useTranslations } from "use-intl";
import { TooltipProvider } from "@/components/ui/tooltip.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { createQueryClient } from "@/lib/api/query-client.ts";
import { sessionEnded } from "@/lib/auth/session-ended.ts";
import type { Locale } from "@/lib/i18n/locales.ts";
import type { Messages } from "@/lib/i18n/messages/index.ts";

const Toasts = dynamic(() => import("./toasts.tsx").then(({ Toasts: toasts }) => toasts), { ssr: false });

interface Props {
  locale: Locale;
  messages: Messages;
  children: ReactNode;
}

export function Providers({ locale, messages, children }: Props) {
  return (
    <IntlProvider locale={locale} messages={messages} timeZone="UTC">
      <QueryProvider>
        <NuqsAdapter>
          <TooltipProvider delayDuration={300} skipDelayDuration={200}>
            {children}
          </TooltipProvider>
        </NuqsAdapter>
        <Toasts />
      </QueryProvider>
    </IntlProvider>
  );
}

function QueryProvider({ children }: { children: ReactNode }) {
  const t = useTranslations("errors");
  const problemText = useProblemText();
  const [client] = useState(() =>
    createQueryClient({
      onSessionEnded: () => sessionEnded.set(true),
      onMutationFailed: (problem) => {
        const description = problemText(problem);
        void import("sonner").then(({ toast }) => toast.error(t("failed"), { description }));
      },
    }),
  );
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
