"""A receiver for the preset `json`: verifies each request, keeps each event once, and answers.

Environment: WEBHOOK_SECRET (whsec_…, the target's signing secret), INBOX (a database file, inbox.db), PORT (8080).
"""

import base64
import hashlib
import hmac
import json
import os
import sqlite3
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_BYTES = 1024 * 1024
TOLERANCE_SECONDS = 300
KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))


def is_genuine(headers, body):
    """Does the request come from whoever knows the secret (Standard Webhooks, v1)?"""
    event, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not event or not at.isdigit() or abs(time.time() - int(at)) > TOLERANCE_SECONDS:
        return False
    digest = hmac.new(KEY, f"{event}.{at}.".encode() + body, hashlib.sha256).digest()
    wanted = b"v1," + base64.b64encode(digest)
    given = headers.get("webhook-signature", "").split(" ")
    return any([hmac.compare_digest(wanted, one.encode()) for one in given])


def inbox():
    db = sqlite3.connect(os.environ.get("INBOX", "inbox.db"), timeout=5)
    db.execute("CREATE TABLE IF NOT EXISTS inbox (id TEXT PRIMARY KEY, sender, recipient, body)")
    return db


def keep(event):
    row = event["id"], event["from"], event["to"], event["message"]["body"]
    db = inbox()
    try:
        # The id is the key: an event that comes again is kept once.
        with db:
            db.execute("INSERT OR IGNORE INTO inbox VALUES (?, ?, ?, ?)", row)
    finally:
        db.close()


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        if length > MAX_BYTES:
            self.close_connection = True
            return self.answer(413)
        body = self.rfile.read(length)
        if not is_genuine(self.headers, body):
            return self.answer(401)
        event = json.loads(body)
        if event["type"] == "message.offline":
            keep(event)
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        if status != 204:
            self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Receiver)
    print(f"listening on 127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
