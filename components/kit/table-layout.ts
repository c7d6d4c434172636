/** A column of a table, and whether it is shown. */
export interface Place {
  readonly id: string;
  readonly isHidden: boolean;
}

/** `status,-created`: columns in their order, those that are not shown with a minus. */
export function readLayout(text: string): Place[] {
  return text
    .split(",")
    .filter((part) => part !== "")
    .map((part) => (part.startsWith("-") ? { id: part.slice(1), isHidden: true } : { id: part, isHidden: false }));
}

/** Empty where it says nothing but how the columns come. */
export function writeLayout(ids: readonly string[], layout: readonly Place[]): string {
  const isPlain = layout.every(({ id, isHidden }, index) => !isHidden && ids[index] === id);
  return isPlain ? "" : layout.map(({ id, isHidden }) => (isHidden ? `-${id}` : id)).join(",");
}

/** All columns of the table, as somebody has put them. One that they did not know of stands behind the one it comes after. */
export function arrange(ids: readonly string[], wanted: readonly Place[]): Place[] {
  const layout: Place[] = [];
  for (const place of wanted)
    if (ids.includes(place.id) && !layout.some(({ id }) => id === place.id)) layout.push(place);
  for (const [index, id] of ids.entries()) {
    if (layout.some((place) => place.id === id)) continue;
    const before = layout.findIndex((place) => place.id === ids[index - 1]);
    layout.splice(before + 1, 0, { id, isHidden: false });
  }
  return layout;
}

export const toggled = (layout: readonly Place[], id: string): Place[] =>
  layout.map((place) => (place.id === id ? { id, isHidden: !place.isHidden } : place));

export function moved(layout: readonly Place[], id: string, by: -1 | 1): Place[] {
  const next = [...layout];
  const from = next.findIndex((place) => place.id === id);
  const to = from + by;
  const [place] = from < 0 || to < 0 || to >= next.length ? [] : next.splice(from, 1);
  if (place !== undefined) next.splice(to, 0, place);
  return next;
}
