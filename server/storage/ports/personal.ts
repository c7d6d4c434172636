export interface PersonalData {
  /** vCard (XEP-0054) as XML; null: none. */
  vcard(host: string, local: string): Promise<string | null>;
  setVcard(host: string, local: string, xml: string): Promise<void>;
  /** vCards of at most 1000 accounts, by bare JID and without the photo; accounts that have none are left out. */
  vcardTexts(
    accounts: readonly { readonly host: string; readonly local: string }[],
  ): Promise<ReadonlyMap<string, string>>;
  /** Private XML (XEP-0049) by the child's namespace and name. */
  private(host: string, local: string, ns: string, name: string): Promise<string | null>;
  /** All of its private XML, by namespace and name. */
  privates(host: string, local: string): Promise<readonly string[]>;
  /** false: the account would keep more than `maxBytes` of private XML. */
  setPrivate(host: string, local: string, ns: string, name: string, xml: string, maxBytes: number): Promise<boolean>;
  /** JIDs that the account does not want to hear from (XEP-0191), in order. */
  blocked(host: string, local: string): Promise<readonly string[]>;
  /** Adds and takes out; `remove` null: all. false, and nothing is changed: there would be more than `maxJids`. */
  setBlocked(
    host: string,
    local: string,
    add: readonly string[],
    remove: readonly string[] | null,
    maxJids: number,
  ): Promise<boolean>;
}
