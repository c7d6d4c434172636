<?php
// As people wrote it for mod_offline_post in 2014: three fields of a form, and nothing known of signatures or retries.
$from = $_POST['from'];
$to   = $_POST['to'];
$body = $_POST['body'];
file_put_contents(getenv('MESSAGES') ?: 'messages.log', "$from -> $to: $body\n", FILE_APPEND | LOCK_EX);
echo 'ok';
