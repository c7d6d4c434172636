import { once } from "node:events";
import http from "node:http";

const bosh = "http://jabber.org/protocol/httpbind";

export interface BoshAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

export interface BoshRequest {
  readonly payload?: string;
  /** Further attributes of the `<body/>`, as text. */
  readonly attributes?: string;
  /** Instead of the next one. */
  readonly rid?: number;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** For tests: a BOSH client that knows texts only, with a connection for each request. */
export class BoshClient {
  sid = "";
  rid = 4_711;
  readonly #port: number;
  readonly #headers: Record<string, string>;
  readonly #agent = new http.Agent({ keepAlive: true });

  constructor(port: number, headers: Record<string, string> = {}) {
    this.#port = port;
    this.#headers = headers;
  }

  /** Asks for a session; returns the answer, whose `sid` is used from then on. */
  async create(attributes = "to='bix.org' hold='1' wait='60' ver='1.6' xml:lang='en'"): Promise<string> {
    const versions = "xmlns:xmpp='urn:xmpp:xbosh' xmpp:version='1.0'";
    const { text } = await this.post(`<body xmlns='${bosh}' rid='${this.rid}' ${attributes} ${versions}/>`);
    this.sid = /\bsid='([^']+)'/.exec(text)?.[1] ?? "";
    return text;
  }

  /** Sends the next request of the session. */
  request({ payload = "", attributes = "", rid = (this.rid += 1), ...rest }: BoshRequest = {}): Promise<BoshAnswer> {
    return this.post(`<body xmlns='${bosh}' sid='${this.sid}' rid='${rid}' ${attributes}>${payload}</body>`, rest);
  }

  /** {@link request} with a payload, for the text of the answer. */
  async send(payload: string, attributes = ""): Promise<string> {
    return (await this.request({ payload, attributes })).text;
  }

  async restart(): Promise<string> {
    return this.send("", "to='bix.org' xmlns:xmpp='urn:xmpp:xbosh' xmpp:restart='true'");
  }

  async post(text: string, options: Pick<BoshRequest, "headers" | "signal"> = {}): Promise<BoshAnswer> {
    const request = http.request({
      port: this.#port,
      host: "127.0.0.1",
      path: "/http-bind",
      method: "POST",
      agent: this.#agent,
      headers: { "content-type": "text/xml; charset=utf-8", ...this.#headers, ...options.headers },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    request.end(text);
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    const { statusCode: status = 0, headers } = response;
    return { status, headers, text: Buffer.concat(await response.toArray()).toString() };
  }

  destroy(): void {
    this.#agent.destroy();
  }
}
