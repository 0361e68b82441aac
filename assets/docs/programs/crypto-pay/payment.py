"""Makes a payment, prints where to send the customer, and reads where the payment stands.

Run it on your server only: whoever has the key can make payments in your name.
"""

import hashlib
import hmac
import json
import secrets
import sys
import urllib.error
import urllib.request

URL = "https://pay.example.com"
API_KEY = "pk_your_key"
API_SECRET = "sk_your_secret"


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
            # Over the bytes that are sent; of a call without a body, over nothing.
            "X-Signature": hmac.new(API_SECRET.encode(), data, hashlib.sha256).hexdigest(),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.code}: {error.read().decode()}")


created = call("POST", "/api/create-payment.php", {
    "order_id": f"order-{secrets.token_hex(6)}",
    "amount": "50.00",
    "description": "Two bags of coffee",
})
print(created["payment"]["payment_url"])

found = call("GET", f"/api/payment-status.php?payment_id={created['payment']['payment_id']}")
print(found["payment"]["status"])
