import type { SetupValues, Step } from "./setup-values.ts";

/** Where a step stands, and the ways out of it. */
export interface StepNav {
  step: Step;
  /** Its heading takes the focus, unless it is what the page began with. */
  hasMoved: boolean;
  /** null: what came before is done and cannot be taken back here. */
  onBack: (() => void) | null;
  onNext: () => void;
}

export interface StepProps {
  values: SetupValues;
  onChange: (change: Partial<SetupValues>) => void;
  nav: StepNav;
}
