#!/bin/sh
# Makes a payment, prints where to send the customer, and reads where the payment stands.
set -eu

URL='https://pay.example.com'
API_KEY='pk_your_key'
API_SECRET='sk_your_secret'

# The value of a text field in an answer.
field() { { cat; echo; } | sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p'; }

# The hex HMAC-SHA256 of a text.
sign() { printf '%s' "$1" | openssl dgst -sha256 -hmac "$API_SECRET" | sed 's/.* //'; }

# Sends a signed call: method, path, body.
call() {
  now=$(date +%s)
  curl -sS --fail-with-body -X "$1" "$URL$2" \
    -H 'Content-Type: application/json' \
    -H "X-Api-Key: $API_KEY" \
    -H "X-Timestamp: $now" \
    -H "X-Signature: $(sign "$now$1$2$3")" \
    -d "$3"
}

body='{"amount":"100.00","currency":"USDT_TRC20","order_id":"order-'"$(date +%s)-$$"'"}'
created=$(call POST /api/v1/payment/create "$body")
printf '%s' "$created" | field payment_url

id=$(printf '%s' "$created" | field payment_id)
call GET "/api/v1/payment/$id" '' | field status
