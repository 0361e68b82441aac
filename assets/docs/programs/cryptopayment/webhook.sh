#!/bin/sh
# Checks a webhook that was saved to two files: its headers, a line each, and its body as it came.
#
#     sh webhook.sh headers.txt body.json
set -eu

# The APP_KEY of your endpoint, in base64 as it is shown.
APP_KEY='your_webhook_secret'

headers=$1 body=$2
# The value of a header, whatever the case of its name.
header() { tr -d '\r' < "$headers" | sed -n "s/^$1: *//Ip"; }
# The value of a text field in the body.
field() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "$body"; }

signature=$(field signature)
# The key may hold any byte, so it is handed over in hex digits.
key=$(printf '%s' "$APP_KEY" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
expected=$(printf '%s.%s' "$(field invoice_id)" "$(field event)" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" | sed 's/.* //')
if [ "$expected" != "$signature" ]; then
  echo 'invalid signature' >&2
  exit 1
fi
echo "$(field order_id): $(field status) ($(header x-payd-mode))"
