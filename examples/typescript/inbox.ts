import { DatabaseSync } from "node:sqlite";

/** The `json` preset, as far as it is used here. */
export interface Message {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly unread: number;
  readonly message: { readonly body: string | null };
}
export interface Push {
  readonly id: string;
  readonly token: string;
  readonly message: Message;
}

/** What came, once each, and which phones have yet to be told of it. On disk before anybody is told that it was taken. */
export class Inbox {
  readonly #db: DatabaseSync;

  constructor(file: string) {
    this.#db = new DatabaseSync(file);
    this.#db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS inbox (id TEXT PRIMARY KEY, message TEXT NOT NULL, at TEXT DEFAULT CURRENT_TIMESTAMP);
      CREATE TABLE IF NOT EXISTS device (token TEXT PRIMARY KEY, user TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS push (id TEXT, token TEXT, tries INTEGER DEFAULT 0, PRIMARY KEY (id, token));
    `);
  }

  /** false: it had come before. */
  keep(message: Message): boolean {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const { changes } = this.#db
        .prepare("INSERT OR IGNORE INTO inbox (id, message) VALUES (?, ?)")
        .run(message.id, JSON.stringify(message));
      if (changes > 0)
        this.#db
          .prepare("INSERT INTO push (id, token) SELECT ?, token FROM device WHERE user = ?")
          .run(message.id, bare(message.to));
      this.#db.exec("COMMIT");
      return changes > 0;
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  register(user: string, token: string): void {
    this.#db.prepare("INSERT OR REPLACE INTO device (token, user) VALUES (?, ?)").run(token, user);
  }

  /** The phone no longer has the app. */
  forget(token: string): void {
    this.#db.prepare("DELETE FROM device WHERE token = ?").run(token);
    this.#db.prepare("DELETE FROM push WHERE token = ?").run(token);
  }

  pushes(limit: number): Push[] {
    return this.#db
      .prepare("SELECT id, token, message FROM push JOIN inbox USING (id) ORDER BY push.rowid LIMIT ?")
      .all(limit)
      .map((row) => ({
        id: String(row["id"]),
        token: String(row["token"]),
        message: JSON.parse(String(row["message"])) as Message,
      }));
  }

  pushed({ id, token }: Push): void {
    this.#db.prepare("DELETE FROM push WHERE id = ? AND token = ?").run(id, token);
  }

  /** Answers whether it is to be tried again. */
  failed(push: Push, maxTries: number): boolean {
    const { id, token } = push;
    this.#db.prepare("UPDATE push SET tries = tries + 1 WHERE id = ? AND token = ?").run(id, token);
    const row = this.#db.prepare("SELECT tries FROM push WHERE id = ? AND token = ?").get(id, token);
    if (Number(row?.["tries"] ?? 0) < maxTries) return true;
    this.pushed(push);
    return false;
  }

  close(): void {
    this.#db.close();
  }
}

function bare(jid: string): string {
  return jid.split("/", 1)[0]!;
}
