"use client";

import { QueryClientProvider, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useEffect, useState } from "react";
import { IntlProvider, useTranslations } from "use-intl";
import { DocumentTitle } from "@/components/kit/document-title.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { toast } from "@/components/kit/toast.ts";
import { problemOf } from "@/lib/api/problem.ts";
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
        <DocumentTitle />
        <NuqsAdapter>{children}</NuqsAdapter>
        <Toasts />
      </QueryProvider>
    </IntlProvider>
  );
}

function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(() => createQueryClient({ onSessionEnded: () => sessionEnded.set(true) }));
  return (
    <QueryClientProvider client={client}>
      <Failures />
      {children}
    </QueryClientProvider>
  );
}

/** Says what the server refused, where no component does. Its words may have to be fetched, so it stands below the client. */
function Failures() {
  const t = useTranslations("errors");
  const problemText = useProblemText();
  const client = useQueryClient();
  useEffect(
    () =>
      client.getMutationCache().subscribe((event) => {
        if (event.type !== "updated" || event.action.type !== "error" || event.mutation.meta?.inline) return;
        const problem = problemOf(event.action.error);
        if (problem.status !== 401) toast.error(t("failed"), { description: problemText(problem) });
      }),
    [client, problemText, t],
  );
  return null;
}
