<?php
// Makes a payment, prints where to send the customer, and reads where the payment stands.
// Run it on your server only: whoever has the key can make payments in your name.

const URL = 'https://pay.example.com';
const API_KEY = 'pk_your_key';
define('ORDER', 'order-' . bin2hex(random_bytes(6)));

/** Sends a call and gives its answer; anything but success ends the program. */
function call(string $method, string $path, string $body = ''): array
{
    $curl = curl_init(URL . $path);
    curl_setopt_array($curl, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 30,
        CURLOPT_HTTPHEADER => [
            'Content-Type: application/json',
            'X-API-Key: ' . API_KEY,
            // Makes a retry safe: the same key gives the same payment, never a second one.
            'Idempotency-Key: ' . ORDER,
        ],
    ]);
    $answer = curl_exec($curl);
    if ($answer === false) {
        exit('no answer: ' . curl_error($curl) . "\n");
    }
    $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
    if ($status >= 300) {
        fwrite(STDERR, "$status: $answer\n");
        exit(1);
    }
    return json_decode($answer, true, 32, JSON_THROW_ON_ERROR);
}

$payment = call('POST', '/api/v1/payments/', json_encode([
    'amount_usd_cents' => 5000,
    'network' => 'tron',
    'currency' => 'usdt',
    'external_order_id' => ORDER,
]));
echo $payment['checkout_url'], "\n";

$payment = call('GET', '/api/v1/payments/' . $payment['payment_number'] . '/');
echo $payment['status'], "\n";
