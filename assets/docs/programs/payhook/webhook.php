<?php
// Takes webhooks: refuses what is not signed, and says which order is paid.
//
// Try it with `php -S 0.0.0.0:8000 webhook.php`; on a real server it is a page like any other.

const WEBHOOK_SECRET = 'your_webhook_secret';

$body = file_get_contents('php://input');

// The header is t=<unix time>,v1=<hex>.
parse_str(str_replace(',', '&', $_SERVER['HTTP_X_PAYHOOK_SIGNATURE'] ?? ''), $header);
$time = $header['t'] ?? '';
$expected = hash_hmac('sha256', $time . '.' . $body, WEBHOOK_SECRET);
if (abs(time() - (int) $time) > 300 || !hash_equals($expected, $header['v1'] ?? '')) {
    http_response_code(401);
    exit('invalid signature');
}

$event = json_decode($body, true);
if (($event['event'] ?? '') === 'payment.confirmed') {
    // Store it, then answer. The same webhook can come twice: act on each payment once.
    $note = $event['mode'] === 'test' ? ' (a test: do not deliver)' : '';
    error_log($event['external_order_id'] . ' is paid' . $note);
}

http_response_code(200);
echo 'ok';
