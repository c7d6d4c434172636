import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const mark = (colour: string) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy ${colour}`,
  textUnderlineOffset: "4px",
});
const dot = (colour: string) => ({ content: '""', width: "8px", height: "8px", background: colour });

/** The look of the console's fields, in its own colours of both themes. */
export const codeTheme = EditorView.theme({
  "&": {
    color: "var(--ink)",
    backgroundColor: "var(--surface)",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    fontSize: "12px",
    overflow: "hidden",
  },
  "&.cm-focused": { borderColor: "var(--accent)", outline: "2px solid var(--accent)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "20px", maxHeight: "70vh", overflow: "auto" },
  ".cm-content": { padding: "6px 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 10px" },
  ".cm-placeholder": { color: "var(--ink-3)" },
  ".cm-gutters": { color: "var(--ink-3)", backgroundColor: "var(--surface)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 4px 0 10px", fontVariantNumeric: "tabular-nums" },
  ".cm-gutter-lint": { width: "12px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "6px 2px" },
  ".cm-lint-marker": { width: "8px", height: "8px", borderRadius: "4px" },
  ".cm-lint-marker-error": dot("var(--err)"),
  ".cm-lint-marker-warning": dot("var(--warn)"),
  ".cm-lintRange-error": mark("var(--err)"),
  ".cm-lintRange-warning": mark("var(--warn)"),
  ".cm-lintPoint:after": { borderBottomColor: "var(--err)" },
  ".cm-tooltip": {
    color: "var(--ink)",
    backgroundColor: "var(--surface)",
    border: "1px solid var(--line)",
    borderRadius: "6px",
    boxShadow: "var(--overlay-shadow)",
    overflow: "hidden",
  },
  ".cm-tooltip-lint": { maxWidth: "420px" },
  ".cm-diagnostic": { padding: "4px 10px", borderLeft: "none", fontFamily: "var(--font-sans)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-mono)", padding: "4px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "4px 8px", borderRadius: "4px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--ink)", background: "var(--accent-soft)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600", color: "var(--accent)" },
  ".cm-completionDetail": { color: "var(--ink-3)", fontStyle: "normal" },
});

const style = HighlightStyle.define([
  { tag: tags.comment, color: "var(--ink-3)" },
  { tag: [tags.propertyName, tags.variableName], color: "var(--accent)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--ok)" },
  { tag: [tags.keyword, tags.bool, tags.number, tags.atom], color: "var(--violet)" },
  { tag: [tags.punctuation, tags.separator, tags.brace, tags.squareBracket], color: "var(--ink-3)" },
  { tag: tags.invalid, color: "var(--err)" },
]);

export const codeColours = syntaxHighlighting(style);
