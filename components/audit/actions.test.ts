import { expect, test } from "vitest";
import { messages } from "../../lib/i18n/messages/index.ts";
import { auditActions } from "./actions.ts";

test("every audited action has a sentence", () => {
  const sentences = Object.keys(messages.en.audit.verbs);
  expect(auditActions.map((action) => action.replaceAll(".", "-")).filter((key) => !sentences.includes(key))).toEqual(
    [],
  );
});
