/** What one stream element, or one document, may cost. Changeable while a stream runs. */
export interface XmlLimits {
  readonly maxStanzaBytes: number;
  /** Open elements, the stanza itself included. */
  readonly maxDepth: number;
  /** Attributes of one element, namespace declarations included. */
  readonly maxAttributes: number;
  /** Elements of one stanza. */
  readonly maxElements: number;
  /** Prefix declarations in one stanza. */
  readonly maxNamespaces: number;
}

export const preAuthLimits: XmlLimits = {
  maxStanzaBytes: 8 * 1024,
  maxDepth: 8,
  maxAttributes: 32,
  maxElements: 32,
  maxNamespaces: 8,
};

export const postAuthLimits: XmlLimits = {
  maxStanzaBytes: 256 * 1024,
  maxDepth: 128,
  maxAttributes: 1000,
  maxElements: 5_000,
  maxNamespaces: 100,
};
