/** A term of a WHERE clause, turned round where the filter says so: what is unknown does not match the term, so it stays. */
export const unless = (isTurned: boolean | undefined, term: string): string =>
  isTurned === true ? `(${term}) IS NOT TRUE` : term;
