"use client";

import dynamic from "next/dynamic";
import { type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useApplyTheme } from "@/components/kit/theme.ts";
import { useKeptOwner } from "@/components/kit/use-kept.ts";
import { useMe } from "@/lib/api/me.ts";
import { useSessionEnded } from "@/lib/auth/session-ended.ts";
import { cn } from "@/lib/format/cn.ts";
import { useStored } from "@/lib/format/stored.ts";
import { ConnectionBar } from "./connection-bar.tsx";
import { EnrolGate } from "./enrol-gate.tsx";
import { LiveProvider } from "./live-provider.tsx";
import { PermissionGate } from "./permission-gate.tsx";
import { Sidebar } from "./sidebar.tsx";
import { Topbar } from "./topbar.tsx";
import { useHome } from "./use-home.ts";
import { usePasted } from "./use-pasted.ts";
import { useScrollPlace } from "./use-scroll-place.ts";
import { useShellKeys } from "./use-shell-keys.ts";
import { useWarmPages } from "./use-warm-pages.ts";

const parts = {
  palette: () => import("./palette.tsx").then(({ Palette: part }) => part),
  keys: () => import("./key-sheet.tsx").then(({ KeySheet: part }) => part),
  drawer: () => import("./drawer.tsx").then(({ Drawer: part }) => part),
  reauth: () => import("./reauth-dialog.tsx").then(({ ReauthDialog: part }) => part),
};
const Palette = dynamic(parts.palette, { ssr: false });
const KeySheet = dynamic(parts.keys, { ssr: false });
const Drawer = dynamic(parts.drawer, { ssr: false });
const ReauthDialog = dynamic(parts.reauth, { ssr: false });
const idleMs = 3_000;

/** Nobody needs these at first, and they have to be there when the server is not. */
function useLaterParts(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const load of Object.values(parts)) load().catch(() => undefined);
    }, idleMs);
    return () => clearTimeout(timer);
  }, []);
}

/** The frame of every page behind the login. */
export function Shell({ children }: { children: ReactNode }) {
  const t = useTranslations();
  const [sidebar, setSidebar] = useStored<"wide" | "narrow">("nightpost.sidebar", "wide");
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const [overlay, setOverlay] = useState<"palette" | "keys" | null>(null);
  const frame = useRef<HTMLElement>(null);
  const [pasted, setPasted] = useState("");
  const isSessionEnded = useSessionEnded();
  const isCollapsed = sidebar === "narrow";
  const collapse = () => setSidebar(isCollapsed ? "wide" : "narrow");
  useApplyTheme();
  useKeptOwner(useMe().data?.name);
  useLaterParts();
  useWarmPages();
  useHome();
  usePasted((text) => {
    setPasted(text);
    setOverlay("palette");
  });
  useScrollPlace(frame);
  useShellKeys({ onPalette: () => setOverlay("palette"), onKeys: () => setOverlay("keys"), onCollapse: collapse });

  return (
    <LiveProvider>
      <a
        href="#main"
        className="absolute top-2 left-2 z-60 -translate-y-16 rounded-control bg-accent px-3 py-1.5 text-on-accent focus:translate-y-0"
      >
        {t("common.skip")}
      </a>
      <div className="flex h-dvh overflow-hidden">
        <aside
          className={cn(
            "shrink-0 border-r border-line bg-surface transition-[width] duration-[120ms] max-md:hidden",
            isCollapsed ? "w-14" : "w-54",
          )}
        >
          <Sidebar isCollapsed={isCollapsed} onCollapse={collapse} />
        </aside>
        <div className="flex min-w-0 flex-1 flex-col">
          <Topbar onMenu={() => setDrawerOpen(true)} onPalette={() => setOverlay("palette")} />
          <ConnectionBar />
          <main
            ref={frame}
            id="main"
            tabIndex={-1}
            className="flex min-h-0 flex-1 flex-col overflow-y-auto focus:outline-none"
          >
            <EnrolGate>
              <PermissionGate>
                <Suspense>{children}</Suspense>
              </PermissionGate>
            </EnrolGate>
          </main>
        </div>
      </div>
      {isDrawerOpen ? <Drawer onClose={() => setDrawerOpen(false)} /> : null}
      {overlay === "palette" ? (
        <Palette
          begin={pasted}
          onClose={() => {
            setPasted("");
            setOverlay(null);
          }}
          onKeys={() => setOverlay("keys")}
        />
      ) : null}
      {overlay === "keys" ? <KeySheet open onOpenChange={(open) => setOverlay(open ? "keys" : null)} /> : null}
      {isSessionEnded ? <ReauthDialog /> : null}
    </LiveProvider>
  );
}
