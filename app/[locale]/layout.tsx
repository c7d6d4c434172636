import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import "../globals.css";
import { Providers } from "@/components/shell/providers.tsx";
import { brandSheet } from "@/lib/brand/place.ts";
import { isLocale, locales } from "@/lib/i18n/locales.ts";
import { messages } from "@/lib/i18n/messages/index.ts";

const sans = localFont({
  src: "../../node_modules/@fontsource-variable/ibm-plex-sans/files/ibm-plex-sans-latin-wght-normal.woff2",
  weight: "100 700",
  variable: "--font-plex-sans",
});
const mono = localFont({
  src: [
    { path: "../../node_modules/@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2", weight: "400" },
    { path: "../../node_modules/@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-500-normal.woff2", weight: "500" },
  ],
  variable: "--font-plex-mono",
  fallback: ["ui-monospace", "monospace"],
  adjustFontFallback: false,
});

export const dynamicParams = false;
export const generateStaticParams = () => locales.map((locale) => ({ locale }));

export const metadata: Metadata = {
  icons: { icon: "/admin/icon.svg" },
  robots: { index: false, follow: false },
  referrer: "same-origin",
};
export const viewport: Viewport = { width: "device-width", initialScale: 1, colorScheme: "light dark" };

export default async function RootLayout({
  children,
  params,
}: {
  children: ReactNode;
  params: Promise<{ locale: string }>;
}) {
  const { locale } = await params;
  if (!isLocale(locale)) notFound();
  return (
    <html lang={locale} className={`${sans.variable} ${mono.variable} font-sans`} suppressHydrationWarning>
      <head>
        {/* oxlint-disable-next-line nextjs/no-sync-scripts -- it has to run before the first paint */}
        <script src="/admin/theme.js" />
        <link rel="stylesheet" href={brandSheet} />
      </head>
      <body>
        <Providers locale={locale} messages={messages[locale]}>
          {children}
        </Providers>
      </body>
    </html>
  );
}
