const senderDigits = 2;
const numberDigits = 6;
const filling =
  "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore. ".repeat(20);

/** Makes messages of one size whose body says who sent it and the how manieth for this recipient it is. */
export class MessageWriter {
  readonly #head: string;
  readonly #tail: string;
  readonly #sender: string;
  #count = 0;

  constructor(to: string, sender: number, bytes: number, type: "chat" | "groupchat" = "chat") {
    this.#sender = sender.toString(36).padStart(senderDigits, "0");
    this.#head = `<message to='${to}' type='${type}' id='${this.#sender}`;
    const closing = "</body></message>";
    const fixed = this.#head.length + "'><body> ".length + closing.length + 2 * numberDigits + senderDigits;
    this.#tail = ` ${filling.slice(0, Math.max(0, bytes - fixed))}${closing}`;
  }

  next(): string {
    const number = this.#count.toString(36).padStart(numberDigits, "0");
    this.#count += 1;
    return `${this.#head}${number}'><body>${this.#sender}${number}${this.#tail}`;
  }
}

const messageStart = "<message";
const bodyStart = "<body>";
const messageEnd = "</message>";

/** Finds those messages in what a session receives, and checks that each sender's come complete and in order. */
export class MessageReader {
  received = 0;
  /** Messages that were not the next one of their sender. */
  misplaced = 0;
  #rest = "";
  readonly #next = new Map<string, number>();

  /** How many messages end in these bytes. */
  take(bytes: Buffer, length: number): number {
    const text = this.#rest + bytes.toString("latin1", 0, length);
    let at = 0;
    let count = 0;
    for (;;) {
      const body = text.indexOf(bodyStart, at);
      const end = body < 0 ? -1 : text.indexOf(messageEnd, body);
      if (end < 0) break;
      this.#check(text, body + bodyStart.length);
      at = end + messageEnd.length;
      count += 1;
    }
    // Without the start of a message in it, only one that is cut in two can matter later.
    const start = text.indexOf(messageStart, at);
    this.#rest = text.slice(start < 0 ? Math.max(at, text.length - messageStart.length) : start);
    this.received += count;
    return count;
  }

  #check(text: string, at: number): void {
    const sender = text.slice(at, at + senderDigits);
    const number = Number.parseInt(text.slice(at + senderDigits, at + senderDigits + numberDigits), 36);
    if (number !== (this.#next.get(sender) ?? 0)) this.misplaced += 1;
    this.#next.set(sender, number + 1);
  }
}
