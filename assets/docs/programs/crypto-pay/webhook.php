<?php
// Takes webhooks: refuses what is not signed, and says which order is paid.
//
// Try it with `php -S 0.0.0.0:8000 webhook.php`; on a real server it is a page like any other.

const API_SECRET = 'sk_your_secret';

$body = file_get_contents('php://input');

$expected = hash_hmac('sha256', $body, API_SECRET);
if (!hash_equals($expected, $_SERVER['HTTP_X_SIGNATURE'] ?? '')) {
    http_response_code(401);
    exit('invalid signature');
}

$event = json_decode($body, true);
if (($event['status'] ?? '') === 'paid') {
    // Store it, then answer. The same webhook can come twice: act on each payment once.
    $note = $_SERVER['HTTP_X_PAYD_MODE'] === 'test' ? ' (a test: do not deliver)' : '';
    error_log($event['order_id'] . ' is paid' . $note);
}

http_response_code(200);
echo 'ok';
