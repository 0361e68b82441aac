#!/bin/sh
# Checks a webhook that was saved to two files: its headers, a line each, and its body as it came.
#
#     sh webhook.sh headers.txt body.json
set -eu

WEBHOOK_SECRET='your_webhook_secret'

headers=$1 body=$2
# The value of a header, whatever the case of its name.
header() { tr -d '\r' < "$headers" | sed -n "s/^$1: *//Ip"; }
# The value of a text field in the body.
field() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "$body"; }

# The header is t=<unix time>,v1=<hex>.
time=$(header x-payhook-signature | sed 's/t=\([0-9]*\),.*/\1/')
signature=$(header x-payhook-signature | sed 's/.*v1=//')
expected=$({ printf '%s.' "$time"; cat "$body"; } | openssl dgst -sha256 -hmac "$WEBHOOK_SECRET" | sed 's/.* //')
if [ "$expected" != "$signature" ]; then
  echo 'invalid signature' >&2
  exit 1
fi
echo "$(field external_order_id): $(field status) ($(field mode))"
