#!/bin/sh
# Checks a webhook that was saved to two files: its headers, a line each, and its body as it came.
#
#     sh webhook.sh headers.txt body.json
set -eu

WEBHOOK_SECRET='whsec_your_secret'

headers=$1 body=$2
# The value of a header, whatever the case of its name.
header() { tr -d '\r' < "$headers" | sed -n "s/^$1: *//Ip"; }
# The value of a text field in the body.
field() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "$body"; }

id=$(header webhook-id) time=$(header webhook-timestamp) signature=$(header webhook-signature)
# What follows whsec_ is the key, in base64; openssl takes it in hex.
key=$(printf '%s' "${WEBHOOK_SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
expected=v1,$({ printf '%s.%s.' "$id" "$time"; cat "$body"; } | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64 | tr -d '\n')
if [ "$expected" != "$signature" ]; then
  echo 'invalid signature' >&2
  exit 1
fi
echo "$(field external_order_id): $(field status) ($(field mode))"
