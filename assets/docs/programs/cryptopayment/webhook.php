<?php
// Takes webhooks: refuses what is not signed, and says which order is paid.
//
// Try it with `php -S 0.0.0.0:8000 webhook.php`; on a real server it is a page like any other.

// The APP_KEY of your endpoint, in base64 as it is shown.
const APP_KEY = 'your_webhook_secret';

$body = file_get_contents('php://input');
$event = json_decode($body, true);

$signed = ($event['invoice_id'] ?? '') . '.' . ($event['event'] ?? '');
$expected = hash_hmac('sha256', $signed, base64_decode(APP_KEY));
if (!hash_equals($expected, $event['signature'] ?? '')) {
    http_response_code(401);
    exit('invalid signature');
}

if ($event['event'] === 'payment.confirmed') {
    // The signature covers no amounts: ask for the invoice before you rely on one.
    // Store it, then answer. The same webhook can come twice: act on each invoice once.
    $note = $_SERVER['HTTP_X_PAYD_MODE'] === 'test' ? ' (a test: do not deliver)' : '';
    error_log($event['order_id'] . ' is paid' . $note);
}

http_response_code(200);
echo 'ok';
