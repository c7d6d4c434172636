import { expect, test } from "vitest";
import { el } from "../../xmpp/element.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { History, maxHistoryLength, type Said } from "./history.ts";

const said = (id: number, length = 1): Said => ({
  key: { id, salt: 0 },
  at: id,
  stanza: Stanza.from(el("message", NS.client, undefined, el("body", NS.client, undefined, "x".repeat(length)))),
});
const ids = (history: History): number[] => history.latest(100).map(({ key }) => key.id);

test("so many messages are kept", () => {
  const history = new History(3);
  for (let id = 1; id <= 40; id += 1) history.add(said(id));
  expect(ids(history)).toEqual([38, 39, 40]);
});

test("and so much text, however long the messages are: whoever enters has to take it at once", () => {
  const history = new History(50);
  const third = Math.floor(maxHistoryLength / 3);
  for (let id = 1; id <= 5; id += 1) history.add(said(id, third));
  expect(ids(history)).toEqual([4, 5]);
  for (let id = 6; id <= 8; id += 1) history.add(said(id));
  expect(ids(history)).toEqual([4, 5, 6, 7, 8]);
});

test("the last message is kept in any case", () => {
  const history = new History(50);
  for (let id = 1; id <= 2; id += 1) history.add(said(id, maxHistoryLength));
  expect(ids(history)).toEqual([2]);
});

test("what is taken out of a message makes room", () => {
  const history = new History(50);
  const half = Math.floor(maxHistoryLength / 2) - 1000;
  for (let id = 1; id <= 2; id += 1) history.add(said(id, half));
  history.replace({ id: 1, salt: 0 }, (one) => ({ ...one, stanza: said(1).stanza }));
  history.add(said(3, half));
  expect(ids(history)).toEqual([1, 2, 3]);
});
