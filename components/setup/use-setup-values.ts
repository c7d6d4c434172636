"use client";

import { useState } from "react";
import type { SetupValues } from "./setup-values.ts";

const key = "nightpost.setup";

/** What has been filled in survives a reload of this tab; the password does not. */
export function useSetupValues(suggestedHost: string): [SetupValues, (values: SetupValues | null) => void] {
  const [values, setValues] = useState<SetupValues>(() => ({
    step: "language",
    host: suggestedHost,
    admin: `admin@${suggestedHost}`,
    registration: "closed",
    ...read(),
    password: "",
  }));
  const write = (next: SetupValues | null) => {
    if (next === null) {
      sessionStorage.removeItem(key);
      return;
    }
    const { password: _password, ...kept } = next;
    sessionStorage.setItem(key, JSON.stringify(kept));
    setValues(next);
  };
  return [values, write];
}

function read(): Partial<SetupValues> {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "{}") as Partial<SetupValues>;
  } catch {
    return {};
  }
}
