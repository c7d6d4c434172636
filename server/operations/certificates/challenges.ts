/** Where an authority looks to see that a name is ours. Each answers until the function returned is called. */
export interface Challenges {
  http(token: string, keyAuthorization: string): () => void;
  tls(name: string, cert: Buffer, key: Buffer): () => void;
}
