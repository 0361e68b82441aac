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
            "Authorization": f"Bearer {API_KEY}:{API_SECRET}",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.code}: {error.read().decode()}")


created = call("POST", "/api/v1/invoices", {
    "network": "trc20",
    "amount_usd": 50.00,
    "order_id": f"order-{secrets.token_hex(6)}",
})
print(created["checkout_url"])

found = call("GET", f"/api/v1/invoices/{created['invoice']['id']}")
print(found["invoice"]["status"])
