/** A page of rows and the cursor of the next one. Cursors are opaque text made by the driver. */
export interface Page<Row> {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
  /** null when counting would cost more than a page. */
  readonly total: number | null;
}

export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly limit: number;
}
