"use client";

import { useMutation } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { useId, useRef } from "react";
import { useTranslations } from "use-intl";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { api } from "@/lib/api/client.ts";
import { grounds, type Theme } from "@/lib/brand/accent.ts";
import { logoPath } from "@/lib/brand/place.ts";
import { logoSides, maxLogoBytes } from "@/lib/contracts/console-policy.ts";

type Logo = Record<Theme, string>;

interface Props {
  value: Logo;
  mayChange: boolean;
  onChange: (logo: Logo) => void;
}

/** The logo for each theme: a file is uploaded at once, and in use when the brand that names it is applied. */
export function LogoField({ value, mayChange, onChange }: Props) {
  const t = useTranslations("loginPolicy.brand");
  const id = useId();
  const add = useMutation(api.roles.addLogo.mutationOptions({ meta: { inline: true } }));
  const take = async (theme: Theme, file: File) => {
    // The server says what a logo is; it need not read all of a long file for that.
    if (file.size > maxLogoBytes) return add.mutate({ data: "" });
    const bytes = new Uint8Array(await file.arrayBuffer());
    const data = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    add.mutate({ data }, { onSuccess: (logo) => onChange({ ...value, [theme]: logo.id }) });
  };
  return (
    <div role="group" aria-labelledby={`${id}-label`} aria-describedby={`${id}-help`} className="flex flex-col gap-1">
      <span id={`${id}-label`} className="font-medium">
        {t("logo")}
      </span>
      <div className="grid max-w-[480px] grid-cols-2 gap-3 max-sm:grid-cols-1">
        {(["light", "dark"] as const).map((theme) => (
          <OneLogo
            key={theme}
            theme={theme}
            logo={value[theme]}
            shown={value[theme] || value.light || value.dark}
            mayChange={mayChange && !add.isPending}
            onFile={(file) => void take(theme, file)}
            onRemove={() => onChange({ ...value, [theme]: "" })}
          />
        ))}
      </div>
      <p id={`${id}-help`} className="text-meta text-ink-3">
        {t("logoHint", { kib: maxLogoBytes / 1024, least: logoSides.least, most: logoSides.most })}
      </p>
      {add.error ? <ProblemBanner error={add.error} /> : null}
    </div>
  );
}

interface OneProps {
  theme: Theme;
  /** The theme's own; empty: it has none. */
  logo: string;
  /** What the theme shows. */
  shown: string;
  mayChange: boolean;
  onFile: (file: File) => void;
  onRemove: () => void;
}

function OneLogo({ theme, logo, shown, mayChange, onFile, onRemove }: OneProps) {
  const t = useTranslations("loginPolicy.brand");
  const input = useRef<HTMLInputElement>(null);
  const [, surface] = grounds[theme];
  return (
    <div className="flex flex-col gap-2">
      <div className="flex h-16 items-center justify-center rounded-panel border p-3" style={{ background: surface }}>
        {shown === "" ? (
          <span className="text-meta" style={{ color: theme === "light" ? "#5b616b" : "#9aa0aa" }}>
            {t("noLogo")}
          </span>
        ) : (
          // oxlint-disable-next-line nextjs/no-img-element -- there is no image optimiser here
          <img src={logoPath(shown)} alt={t(`logoOf.${theme}`)} className="max-h-full max-w-full" />
        )}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <span className="flex-1 text-meta text-ink-3">{t(theme)}</span>
        <input
          ref={input}
          type="file"
          accept="image/png,image/webp"
          aria-label={t(`upload.${theme}`)}
          className="sr-only"
          tabIndex={-1}
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            if (file) onFile(file);
            target.value = "";
          }}
        />
        {mayChange ? (
          <Button size="sm" onClick={() => input.current?.click()} aria-label={t(`upload.${theme}`)}>
            <Upload aria-hidden className="size-3.5" />
            {t("choose")}
          </Button>
        ) : null}
        {mayChange && logo !== "" ? (
          <Button size="sm" onClick={onRemove} aria-label={t(`remove.${theme}`)}>
            {t("removeLogo")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
