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
        CURLOPT_HTTPHEADER => sign($method, $path, $body),
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

/** The headers of a call: the signature covers time, method, path and body. */
function sign(string $method, string $path, string $body): array
{
    $time = (string) time();
    return [
        'Content-Type: application/json',
        'X-Api-Key: ' . API_KEY,
        'X-Timestamp: ' . $time,
        'X-Signature: ' . hash_hmac('sha256', $time . $method . $path . $body, API_SECRET),
    ];
}

$created = call('POST', '/api/v1/payment/create', json_encode([
    'amount' => '100.00',
    'currency' => 'USDT_TRC20',
    'order_id' => 'order-' . bin2hex(random_bytes(6)),
    'metadata' => ['customer' => 42],
]));
echo $created['data']['payment_url'], "\n";

$payment = call('GET', '/api/v1/payment/' . $created['data']['payment_id']);
echo $payment['data']['status'], "\n";
