<?php
// Takes webhooks: refuses what is not signed, and says which order is paid.
//
// Try it with `php -S 0.0.0.0:8000 webhook.php`; on a real server it is a page like any other.

const WEBHOOK_SECRET = 'whsec_your_secret';

$body = file_get_contents('php://input');

$id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
$time = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
// What follows whsec_ is the key, in base64.
$key = base64_decode(substr(WEBHOOK_SECRET, strlen('whsec_')));
$expected = 'v1,' . base64_encode(hash_hmac('sha256', $id . '.' . $time . '.' . $body, $key, true));
if (abs(time() - (int) $time) > 300 || !hash_equals($expected, $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '')) {
    http_response_code(401);
    exit('invalid signature');
}

$event = json_decode($body, true);
if (($event['type'] ?? '') === 'payment.confirmed') {
    // Store it, then answer. The same webhook can come twice: act on each payment once.
    $note = $event['data']['mode'] === 'test' ? ' (a test: do not deliver)' : '';
    error_log($event['data']['external_order_id'] . ' is paid' . $note);
}

http_response_code(200);
echo 'ok';
