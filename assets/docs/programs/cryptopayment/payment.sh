#!/bin/sh
# Makes a payment, prints where to send the customer, and reads where the payment stands.
set -eu

URL='https://pay.example.com'
API_KEY='pk_your_key'
API_SECRET='sk_your_secret'

# The value of a text field in an answer.
field() { { cat; echo; } | sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p'; }

created=$(curl -sS --fail-with-body "$URL/api/v1/invoices" \
  -H 'Content-Type: application/json' \
  -H "Authorization: Bearer $API_KEY:$API_SECRET" \
  -d '{"network":"trc20","amount_usd":50.00,"order_id":"order-'"$(date +%s)-$$"'"}')
printf '%s' "$created" | field checkout_url

id=$(printf '%s' "$created" | field id)
curl -sS --fail-with-body "$URL/api/v1/invoices/$id" \
  -H "Authorization: Bearer $API_KEY:$API_SECRET" | field status
