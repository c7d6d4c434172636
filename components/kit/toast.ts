import type { toast as Toast } from "sonner";

type Said = Parameters<typeof Toast.success>;

const say = (tone: "success" | "error", ...said: Said): void =>
  void import("sonner").then(({ toast }) => toast[tone](...said));

/** Short news at the edge of the window. What draws it comes with the first, for most pages never have any. */
export const toast = {
  success: (...said: Said): void => say("success", ...said),
  error: (...said: Said): void => say("error", ...said),
};
