"use client";

import { useState } from "react";
import { resumedStep, type SetupValues } from "./setup-values.ts";

const key = "nightpost.setup";

/** What has been filled in survives a reload of this tab; the password does not. null: nothing is left to keep. */
export function useSetupValues(
  suggestedHost: string,
  isOpen: boolean,
): [SetupValues, (values: SetupValues | null) => void] {
  const [values, setValues] = useState<SetupValues>(() => {
    const kept = read();
    return {
      host: suggestedHost,
      admin: `admin@${suggestedHost}`,
      certificate: "self-signed",
      registration: "closed",
      minutes: "10",
      ...kept,
      password: "",
      step: resumedStep(kept.step, isOpen),
    };
  });
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
