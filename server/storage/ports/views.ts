/** A named filter of one of the console's lists. */
export interface SavedViewRow {
  readonly id: string;
  /** Bare JID. */
  readonly owner: string;
  /** The list: the path of its page. */
  readonly page: string;
  readonly name: string;
  /** The filter, as the query of an address. */
  readonly query: string;
  readonly shared: boolean;
  readonly createdAt: number;
}

export interface SavedViews {
  /** Those of the owner and those that are shared, by name. */
  list(page: string, owner: string): Promise<readonly SavedViewRow[]>;
  find(id: string): Promise<SavedViewRow | null>;
  /** Takes the place of the owner's view of the same name. false: the owner has `max` already. */
  put(view: SavedViewRow, max: number): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}
