/** A picture of the operator's, such as a logo; it never changes. */
export interface ImageRow {
  /** SHA-256 of the bytes, hex. */
  readonly id: string;
  readonly type: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** The bytes, base64. */
  readonly data: string;
  readonly createdAt: number;
}

export interface Images {
  /** Those beyond `max` go, oldest first, but none that `kept` names. One that is there already is as if it had just come. */
  put(image: ImageRow, max: number, kept: readonly string[]): Promise<void>;
  find(id: string): Promise<ImageRow | null>;
}
