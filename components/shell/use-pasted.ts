"use client";

import { useEffect } from "react";
import { isTyping } from "@/components/kit/use-keys.ts";

/** The longest address: a localpart, a domain and a resource of 1,023 bytes each, with what joins them (RFC 7622 3.1). */
const maxLength = 3_071;

/** One word, pasted where no field takes it: an address or an id that somebody wants to be taken to. */
export function usePasted(onPaste: (text: string) => void): void {
  useEffect(() => {
    const onEvent = (event: ClipboardEvent) => {
      if (isTyping(event)) return;
      const text = event.clipboardData?.getData("text/plain").trim() ?? "";
      if (text.length > maxLength || !/^\S+$/.test(text)) return;
      event.preventDefault();
      onPaste(text);
    };
    addEventListener("paste", onEvent);
    return () => removeEventListener("paste", onEvent);
  }, [onPaste]);
}
