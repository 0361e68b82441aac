#!/bin/sh
# Makes a payment, prints where to send the customer, and reads where the payment stands.
set -eu

URL='https://pay.example.com'
API_KEY='pk_your_key'

# The value of a text field in an answer.
field() { { cat; echo; } | sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p'; }

# The Idempotency-Key makes a retry safe: the same key gives the same payment, never a second one.
ORDER="order-$(date +%s)-$$"
made=$(curl -sS --fail-with-body "$URL/api/v1/payments/" \
  -H "X-API-Key: $API_KEY" \
  -H "Idempotency-Key: $ORDER" \
  -H 'Content-Type: application/json' \
  -d '{"amount_usd_cents": 5000, "network": "tron", "currency": "usdt", "external_order_id": "'"$ORDER"'"}')
printf '%s' "$made" | field checkout_url

number=$(printf '%s' "$made" | field payment_number)
curl -sS --fail-with-body "$URL/api/v1/payments/$number/" -H "X-API-Key: $API_KEY" | field status
