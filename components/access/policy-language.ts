import { autocompletion } from "@codemirror/autocomplete";
import { yaml } from "@codemirror/lang-yaml";
import type { Extension } from "@codemirror/state";
import { policyCompletions, type PolicyNames } from "./policy-completion.ts";

/** YAML, completed with the names and words of the policy. */
export function policyLanguage(names: () => PolicyNames): Extension {
  return [
    yaml(),
    autocompletion({
      icons: false,
      override: [
        ({ state, pos, explicit }) => {
          const found = policyCompletions(state.sliceDoc(state.doc.lineAt(pos).from, pos), names());
          if (found === null || (found.typed === 0 && !explicit && found.words.length > 20)) return null;
          return { from: pos - found.typed, options: found.words.map((label) => ({ label })) };
        },
      ],
    }),
  ];
}
