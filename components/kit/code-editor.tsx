"use client";

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { Compartment, EditorState, type Extension, type StateEffect, Transaction } from "@codemirror/state";
import { EditorView, keymap, lineNumbers, placeholder as emptyText } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { codeColours, codeTheme } from "./code-theme.ts";

/** A part of the text that something is said about; offsets in UTF-16 units. */
export interface CodeMark {
  from: number;
  to: number;
  severity: "error" | "warning";
  message: string;
}

interface Props {
  /** Of the text itself; it is named by `ID-label` and described by `ID-help`. */
  id: string;
  value: string;
  onChange: (text: string) => void;
  onBlur?: () => void;
  marks: readonly CodeMark[];
  /** Lines that are there at least. */
  rows: number;
  isWrapped?: boolean | undefined;
  isNumbered?: boolean | undefined;
  placeholder?: string | undefined;
  /** The language and what it completes; it may come after the text. */
  extension?: Extension | undefined;
}

const none: Extension = [];

/** A text with colours, marks where something is wrong, and completion. Tab leaves it, as it leaves any field. */
export function CodeEditor(props: Props) {
  const { id, value, marks, rows, isWrapped, isNumbered, placeholder = "", extension = none } = props;
  const t = useTranslations("common");
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<{ view: EditorView; language: Compartment; told: string[] }>(null);
  const current = useRef(props);
  useEffect(() => {
    current.current = props;
  });

  const phrases = { Completions: t("completions") };
  const words = useRef(phrases);
  useEffect(() => {
    if (!host.current) return undefined;
    const language = new Compartment();
    // What was told and has not come back as the value yet: typing goes on while React renders.
    const told: string[] = [];
    const view = new EditorView({
      parent: host.current,
      doc: current.current.value,
      extensions: [
        history(),
        keymap.of([...historyKeymap, ...defaultKeymap]),
        codeTheme,
        codeColours,
        isNumbered ? lineNumbers() : none,
        isWrapped ? EditorView.lineWrapping : none,
        placeholder === "" ? none : emptyText(placeholder),
        EditorState.phrases.of(words.current),
        EditorView.contentAttributes.of({
          id,
          // It can be typed into all the same; axe counts what has an index only as a way to scroll by keys.
          tabindex: "0",
          "aria-labelledby": `${id}-label`,
          "aria-describedby": `${id}-help`,
          style: `min-height: ${rows * 20 + 12}px`,
        }),
        EditorView.updateListener.of((update) => {
          if (update.focusChanged && !update.view.hasFocus) current.current.onBlur?.();
          if (!update.docChanged || update.transactions.some((each) => each.annotation(Transaction.remote))) return;
          const text = update.state.doc.toString();
          told.push(text);
          current.current.onChange(text);
        }),
        language.of(none),
      ],
    });
    editor.current = { view, language, told };
    return () => {
      view.destroy();
      editor.current = null;
    };
  }, [id, isNumbered, isWrapped, placeholder, rows]);

  useEffect(() => {
    if (!editor.current) return;
    const { view, told } = editor.current;
    const own = told.lastIndexOf(value);
    told.splice(0, own === -1 ? told.length : own + 1);
    if (own !== -1 || view.state.doc.toString() === value) return;
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: value },
      annotations: [Transaction.remote.of(true), Transaction.addToHistory.of(false)],
    });
  }, [value]);

  useEffect(() => {
    const effect: StateEffect<unknown> | undefined = editor.current?.language.reconfigure(extension);
    if (effect) editor.current?.view.dispatch({ effects: effect });
  }, [extension]);

  useEffect(() => {
    let isStale = false;
    // They come after the text can be seen.
    void import("./code-marks.ts").then(({ showMarks }) => {
      if (!isStale && editor.current) showMarks(editor.current.view, marks);
    });
    return () => {
      isStale = true;
    };
  }, [marks]);

  return <div ref={host} className="min-w-0" />;
}
