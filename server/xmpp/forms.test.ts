import { describe, expect, test } from "vitest";
import { el } from "./element.ts";
import { buildForm, parseBoolean, parseForm } from "./forms.ts";
import { parseDocument } from "./parser.ts";

test("a form is built as XEP-0004 writes it", () => {
  const form = buildForm(
    "form",
    [
      {
        var: "size",
        type: "list-single",
        label: "Size",
        isRequired: true,
        values: ["1"],
        options: [{ label: "One", value: "1" }],
      },
      { type: "fixed", values: ["a note"] },
    ],
    { formType: "urn:f", title: "Title", instructions: "Fill in" },
  );
  expect(form.toString()).toBe(
    "<x xmlns='jabber:x:data' type='form'><title>Title</title><instructions>Fill in</instructions>" +
      "<field var='FORM_TYPE' type='hidden'><value>urn:f</value></field>" +
      "<field var='size' type='list-single' label='Size'><required/><value>1</value><option label='One'><value>1</value></option></field>" +
      "<field type='fixed'><value>a note</value></field></x>",
  );
});

describe("reading", () => {
  test("values by name, several of one field in order, the first of two fields", () => {
    const form = buildForm("submit", [
      { var: "a", values: ["1", ""] },
      { var: "__proto__", values: ["x"] },
      { var: "a", values: ["2"] },
      { values: ["nameless"] },
    ]);
    const read = parseForm(parseDocument(form.toString()));
    expect(read).toEqual({
      type: "submit",
      formType: undefined,
      values: new Map([
        ["a", ["1", ""]],
        ["__proto__", ["x"]],
      ]),
    });
  });
  test.each([
    [el("x", "urn:x", { type: "submit" })],
    [el("x", "jabber:x:data")],
    [el("x", "jabber:x:data", { type: "?" })],
  ])("%s is no form", (element) => {
    expect(parseForm(element)).toBeUndefined();
  });
  test.each([
    ["1", true],
    ["true", true],
    ["0", false],
    ["false", false],
    ["yes", undefined],
    [undefined, undefined],
  ])("boolean %s", (text, value) => {
    expect(parseBoolean(text)).toBe(value);
  });
});
