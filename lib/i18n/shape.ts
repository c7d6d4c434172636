/** The same keys with any texts: what a translation has to have. */
export type Shape<T> = { [K in keyof T]: T[K] extends string ? string : Shape<T[K]> };
