"""Makes a payment, prints where to send the customer, and reads where the payment stands.

Run it on your server only: whoever has the key can make payments in your name.
"""

import hashlib
import hmac
import json
import secrets
import sys
import time
import urllib.error
import urllib.request

URL = "https://pay.example.com"
API_KEY = "pk_your_key"
API_SECRET = "sk_your_secret"


def sign(method, path, body):
    """The headers of a call: the signature covers time, method, path and body."""
    now = str(int(time.time()))
    signed = (now + method + path).encode() + body
    return {
        "Content-Type": "application/json",
        "X-Api-Key": API_KEY,
        "X-Timestamp": now,
        "X-Signature": hmac.new(API_SECRET.encode(), signed, hashlib.sha256).hexdigest(),
    }


def call(method, path, body=None):
    """Sends a call and gives its answer; anything but success ends the program."""
    data = b"" if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        URL + path,
        data=data or None,
        method=method,
        headers=sign(method, path, data),
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.code}: {error.read().decode()}")


created = call("POST", "/api/v1/payment/create", {
    "amount": "100.00",
    "currency": "USDT_TRC20",
    "order_id": f"order-{secrets.token_hex(6)}",
    "metadata": {"customer": 42},
})
print(created["data"]["payment_url"])

payment = call("GET", f"/api/v1/payment/{created['data']['payment_id']}")
print(payment["data"]["status"])
