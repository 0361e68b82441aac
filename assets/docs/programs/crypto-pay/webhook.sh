#!/bin/sh
# Checks a webhook that was saved to two files: its headers, a line each, and its body as it came.
#
#     sh webhook.sh headers.txt body.json
set -eu

API_SECRET='sk_your_secret'

headers=$1 body=$2
# The value of a header, whatever the case of its name.
header() { tr -d '\r' < "$headers" | sed -n "s/^$1: *//Ip"; }
# The value of a text field in the body.
field() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "$body"; }

signature=$(header x-signature)
expected=$(openssl dgst -sha256 -hmac "$API_SECRET" < "$body" | sed 's/.* //')
if [ "$expected" != "$signature" ]; then
  echo 'invalid signature' >&2
  exit 1
fi
echo "$(field order_id): $(field status) ($(header x-payd-mode))"
