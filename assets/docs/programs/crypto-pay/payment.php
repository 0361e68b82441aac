<?php
// Makes a payment, prints where to send the customer, and reads where the payment stands.
// Run it on your server only: whoever has the key can make payments in your name.

const URL = 'https://pay.example.com';
const API_KEY = 'pk_your_key';
const API_SECRET = 'sk_your_secret';

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
            // Over the bytes that are sent; of a call without a body, over nothing.
            'X-Signature: ' . hash_hmac('sha256', $body, API_SECRET),
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

$created = call('POST', '/api/create-payment.php', json_encode([
    'order_id' => 'order-' . bin2hex(random_bytes(6)),
    'amount' => '50.00',
    'description' => 'Two bags of coffee',
]));
echo $created['payment']['payment_url'], "\n";

$found = call('GET', '/api/payment-status.php?payment_id=' . $created['payment']['payment_id']);
echo $found['payment']['status'], "\n";
