"use client";

import { useState } from "react";
import { AdminStep } from "./admin-step.tsx";
import { CertificateStep } from "./certificate-step.tsx";
import { FactorStep } from "./factor-step.tsx";
import { HostStep } from "./host-step.tsx";
import { LanguageStep } from "./language-step.tsx";
import { RegistrationStep } from "./registration-step.tsx";
import { type Step, steps } from "./setup-values.ts";
import type { StepProps } from "./step-props.ts";
import { TargetStep } from "./target-step.tsx";
import { useSetupValues } from "./use-setup-values.ts";

interface Props {
  token: string;
  /** There is no admin yet. */
  isOpen: boolean;
  suggestedHost: string;
  onDone: (host: string) => void;
}

export function Wizard({ token, isOpen, suggestedHost, onDone }: Props) {
  const [values, setValues] = useSetupValues(suggestedHost, isOpen);
  const [hasMoved, setMoved] = useState(false);
  const index = steps.indexOf(values.step);
  const go = (step: Step) => {
    setMoved(true);
    setValues({ ...values, step });
  };
  const before = values.step === "factor" ? undefined : steps[index - 1];
  const props: StepProps = {
    values,
    onChange: (change) => setValues({ ...values, ...change }),
    nav: {
      step: values.step,
      hasMoved,
      onBack: before === undefined ? null : () => go(before),
      onNext() {
        const after = steps[index + 1];
        if (after !== undefined) return go(after);
        setValues(null);
        onDone(values.host.trim());
      },
    },
  };
  switch (values.step) {
    case "language":
      return <LanguageStep {...props} />;
    case "host":
      return <HostStep {...props} token={token} />;
    case "admin":
      return <AdminStep {...props} token={token} />;
    case "factor":
      return <FactorStep {...props} />;
    case "certificate":
      return <CertificateStep {...props} />;
    case "registration":
      return <RegistrationStep {...props} />;
    default:
      return <TargetStep {...props} />;
  }
}
