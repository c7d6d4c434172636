import { el, type Element } from "./element.ts";
import { NS } from "./namespaces.ts";

/** What is asked of a result set (XEP-0059 2). */
export interface PageWish {
  /** undefined: as many as the other side likes. */
  readonly max: number | undefined;
  /** "" for `before`: the last page. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly index: string | undefined;
}

/** `xs:unsignedLong`: those who want everything ask for the largest number that they know. */
const COUNT = /^\d{1,20}$/;

/** Reads the `<set/>` of a request; without one nothing is asked. undefined: it makes no sense. */
export function parsePageWish(set: Element | undefined): PageWish | undefined {
  const max = set?.childText("max");
  if (max !== undefined && !COUNT.test(max)) return undefined;
  return {
    max: max === undefined ? undefined : Number(max),
    before: set?.childText("before"),
    after: set?.childText("after"),
    index: set?.childText("index"),
  };
}

/** The `<set/>` of an answer: ids of the first and last item of the page, and how many there are in all, where known. */
export function pageElement(page: {
  first: string | undefined;
  last: string | undefined;
  count: number | null;
}): Element {
  const { first, last, count } = page;
  return el(
    "set",
    NS.rsm,
    undefined,
    first === undefined ? undefined : el("first", NS.rsm, undefined, first),
    last === undefined ? undefined : el("last", NS.rsm, undefined, last),
    count === null ? undefined : el("count", NS.rsm, undefined, String(count)),
  );
}
