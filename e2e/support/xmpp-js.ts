import { client as clientAsItComes, type Client } from "@xmpp/client";

type Options = Parameters<typeof clientAsItComes>[0];

/**
 * The client as it comes, but for one thing: it listens for the answer to its stream header only once the write of that is
 * reported done, and on loopback the answer may be there before. This one listens at once.
 */
export function client(options: Options): Client {
  const one = clientAsItComes(options);
  const write = one.write.bind(one);
  one.write = async (text) => {
    const written = write(text);
    if (one.status !== "opening") return written;
    written.catch(() => undefined);
    return undefined;
  };
  return one;
}
