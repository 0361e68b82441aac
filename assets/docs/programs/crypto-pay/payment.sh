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

body='{"order_id":"order-'"$(date +%s)-$$"'","amount":"50.00","description":"Two bags of coffee"}'
created=$(curl -sS --fail-with-body "$URL/api/create-payment.php" \
  -H 'Content-Type: application/json' \
  -H "X-API-Key: $API_KEY" \
  -H "X-Signature: $(sign "$body")" \
  -d "$body")
printf '%s' "$created" | field payment_url

# A call without a body signs nothing: the empty text.
id=$(printf '%s' "$created" | sed 's/.*"payment_id":\([0-9]*\).*/\1/')
curl -sS --fail-with-body "$URL/api/payment-status.php?payment_id=$id" \
  -H "X-API-Key: $API_KEY" -H "X-Signature: $(sign '')" | field status
