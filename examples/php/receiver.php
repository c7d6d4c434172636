<?php

// A receiver for the preset `classic`: verifies each request, keeps each event once, and answers.
// Environment: WEBHOOK_SECRET (whsec_…, the target's signing secret), INBOX (a database file, inbox.db).

declare(strict_types=1);

const TOLERANCE_SECONDS = 300;

/** Does the request come from whoever knows the secret (Standard Webhooks, v1)? */
function is_genuine(string $secret, string $body): bool
{
    $key = base64_decode(substr($secret, strlen('whsec_')), true);
    $id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
    $at = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    if ($key === false || $key === '' || $id === '' || !ctype_digit($at)) {
        return false;
    }
    if (abs(time() - (int) $at) > TOLERANCE_SECONDS) {
        return false;
    }
    $wanted = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$at.$body", $key, true));
    foreach (explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $given) {
        if (hash_equals($wanted, $given)) {
            return true;
        }
    }
    return false;
}

function inbox(): PDO
{
    $db = new PDO('sqlite:' . (getenv('INBOX') ?: 'inbox.db'));
    $db->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
    $db->exec('PRAGMA busy_timeout = 5000');
    $db->exec('CREATE TABLE IF NOT EXISTS inbox (id TEXT PRIMARY KEY, sender TEXT, recipient TEXT, body TEXT)');
    return $db;
}

$body = file_get_contents('php://input');
if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    http_response_code(405);
} elseif (!is_genuine(getenv('WEBHOOK_SECRET') ?: '', $body)) {
    http_response_code(401);
} else {
    // An exception answers 500, and the event comes again. The id is the key, so it is kept once.
    $keep = inbox()->prepare('INSERT OR IGNORE INTO inbox VALUES (?, ?, ?, ?)');
    $keep->execute([$_SERVER['HTTP_WEBHOOK_ID'], $_POST['from'] ?? '', $_POST['to'] ?? '', $_POST['body'] ?? '']);
    http_response_code(204);
}
