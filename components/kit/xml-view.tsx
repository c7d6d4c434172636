"use client";

import { Fragment, useMemo } from "react";
import { visible } from "@/lib/format/visible.ts";

interface Props {
  text: string;
  label: string;
  /** Declarations of namespaces are left out where the parent is in the same one. */
  foldsNamespaces?: boolean;
}

/** XML with its structure made visible; what is not XML, as text. */
export function XmlView({ text, label, foldsNamespaces = true }: Props) {
  const root = useMemo(() => parse(text), [text]);
  return (
    <pre
      tabIndex={0}
      aria-label={label}
      className="max-h-[60vh] overflow-auto rounded-control bg-sunken px-3 py-2 font-mono text-meta leading-5 whitespace-pre-wrap wrap-anywhere"
    >
      {root === null ? visible(text, true) : <Part element={root} depth={0} ns={null} folds={foldsNamespaces} />}
    </pre>
  );
}

function parse(text: string): Element | null {
  const { documentElement } = new DOMParser().parseFromString(text, "application/xml");
  return documentElement.getElementsByTagName("parsererror").length > 0 ? null : documentElement;
}

interface PartProps {
  element: Element;
  depth: number;
  /** Namespace of the parent. */
  ns: string | null;
  folds: boolean;
}

function Part({ element, depth, ns, folds }: PartProps) {
  const indent = "  ".repeat(depth);
  const own = element.namespaceURI;
  const attributes = Array.from(element.attributes).filter(
    ({ name }) => name !== "xmlns" && !name.startsWith("xmlns:"),
  );
  const children = Array.from(element.childNodes).filter(
    (node) => node instanceof Element || (node.textContent ?? "").trim() !== "",
  );
  const isText = children.length > 0 && children.every((node) => !(node instanceof Element));
  const isNew = own !== ns || !folds;
  return (
    <>
      {indent}
      <span className="text-ink-3">{"<"}</span>
      <span className="font-medium text-accent">{visible(element.localName)}</span>
      {isNew && own ? <span className="text-violet">{` xmlns="${visible(own)}"`}</span> : null}
      {attributes.map(({ name, value }) => (
        <Fragment key={name}>
          {" "}
          <span className="text-ink-2">{visible(name)}</span>
          <span className="text-ink-3">=&quot;</span>
          <bdi className="text-ok">{visible(value)}</bdi>
          <span className="text-ink-3">&quot;</span>
        </Fragment>
      ))}
      {children.length === 0 ? (
        <span className="text-ink-3">{"/>"}</span>
      ) : (
        <>
          <span className="text-ink-3">{">"}</span>
          {isText ? <bdi>{visible(element.textContent ?? "", true)}</bdi> : "\n"}
          {isText
            ? null
            : children.map((node, index) =>
                node instanceof Element ? (
                  <Fragment key={index}>
                    <Part element={node} depth={depth + 1} ns={own} folds={folds} />
                    {"\n"}
                  </Fragment>
                ) : (
                  <Fragment key={index}>
                    {`${indent}  `}
                    <bdi>{visible((node.textContent ?? "").trim(), true)}</bdi>
                    {"\n"}
                  </Fragment>
                ),
              )}
          {isText ? null : indent}
          <span className="text-ink-3">{"</"}</span>
          <span className="font-medium text-accent">{visible(element.localName)}</span>
          <span className="text-ink-3">{">"}</span>
        </>
      )}
    </>
  );
}
