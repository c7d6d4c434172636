import { lintGutter, nextDiagnostic, setDiagnostics } from "@codemirror/lint";
import { StateEffect } from "@codemirror/state";
import { type EditorView, keymap } from "@codemirror/view";
import type { CodeMark } from "./code-editor.tsx";

const marked = new WeakSet<EditorView>();

/** Underlines what something is said about, with a dot beside the line; F8 goes from one to the next. */
export function showMarks(view: EditorView, marks: readonly CodeMark[]): void {
  if (!marked.has(view)) {
    if (marks.length === 0) return;
    marked.add(view);
    const keys = keymap.of([{ key: "F8", run: nextDiagnostic }]);
    view.dispatch({ effects: StateEffect.appendConfig.of([lintGutter(), keys]) });
  }
  const inside = marks.filter(({ to }) => to <= view.state.doc.length);
  view.dispatch(setDiagnostics(view.state, inside));
  view.contentDOM.setAttribute("aria-invalid", String(marks.some(({ severity }) => severity === "error")));
}
