"use client";

import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Input } from "@/components/ui/input.tsx";
import { cn } from "@/lib/format/cn.ts";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  className?: string;
}

/** Searches 250 ms after the last key; never loses focus or what was typed while results come. */
export function SearchField({ label, value, onChange, className }: Props) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const send = useRef(onChange);
  useEffect(() => {
    send.current = onChange;
  });
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);
  useEffect(() => {
    if (text === sent.current) return undefined;
    const timer = setTimeout(() => {
      sent.current = text;
      send.current(text);
    }, 250);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <span className={cn("relative block", className)}>
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        className="pl-8"
      />
    </span>
  );
}
