<?php
// Takes webhooks: refuses what is not signed, and says which order is paid.
//
// Try it with `php -S 0.0.0.0:8000 webhook.php`; on a real server it is a page like any other.

const WEBHOOK_SECRET = 'your_webhook_secret';

$body = file_get_contents('php://input');

$time = $_SERVER['HTTP_X_TIMESTAMP'] ?? '';
$expected = hash_hmac('sha256', $time . $body, WEBHOOK_SECRET);
if (abs(time() - (int) $time) > 300 || !hash_equals($expected, $_SERVER['HTTP_X_SIGNATURE'] ?? '')) {
    http_response_code(401);
    exit('invalid signature');
}

$event = json_decode($body, true);
if (($event['event'] ?? '') === 'payment.completed') {
    // Store it, then answer. The same webhook can come twice: act on each payment once.
    $note = $_SERVER['HTTP_X_PAYD_MODE'] === 'test' ? ' (a test: do not deliver)' : '';
    error_log($event['order_id'] . ' is paid' . $note);
}

http_response_code(200);
echo 'ok';
