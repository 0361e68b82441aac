"""Makes a payment, prints where to send the customer, and reads where the payment stands.

Run it on your server only: whoever has the key can make payments in your name.
"""

import json
import secrets
import sys
import urllib.error
import urllib.request

URL = "https://pay.example.com"
API_KEY = "pk_your_key"
ORDER = f"order-{secrets.token_hex(6)}"


def call(method, path, body=None):
    """Sends a call and gives its answer; anything but success ends the program."""
    data = b"" if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        URL + path,
        data=data or None,
        method=method,
        headers={
            "Content-Type": "application/json",
            "X-API-Key": API_KEY,
            # Makes a retry safe: the same key gives the same payment, never a second one.
            "Idempotency-Key": ORDER,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.code}: {error.read().decode()}")


payment = call("POST", "/api/v1/payments/", {
    "amount_usd_cents": 5000,
    "network": "tron",
    "currency": "usdt",
    "external_order_id": ORDER,
})
print(payment["checkout_url"])

payment = call("GET", f"/api/v1/payments/{payment['payment_number']}/")
print(payment["status"])
