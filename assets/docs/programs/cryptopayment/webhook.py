"""Takes webhooks on port 8000: refuses what is not signed, and says which order is paid."""

import base64
import hashlib
import hmac
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# The APP_KEY of your endpoint, in base64 as it is shown.
APP_KEY = "your_webhook_secret"


def is_genuine(headers, body):
    try:
        event = json.loads(body)
        signed = f"{event['invoice_id']}.{event['event']}".encode()
        signature = str(event["signature"])
    except (ValueError, KeyError, TypeError):
        return False
    expected = hmac.new(base64.b64decode(APP_KEY), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


def take(headers, event):
    """Store it here. The same webhook can come twice: act on each payment once."""
    # The signature covers no amounts: ask for the invoice before you rely on one.
    if event["event"] == "payment.confirmed":
        note = " (a test: do not deliver)" if headers.get("X-Payd-Mode") == "test" else ""
        print(f"{event['order_id']} is paid{note}", flush=True)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(min(length, 1_000_000))
        genuine = is_genuine(self.headers, body)
        if genuine:
            take(self.headers, json.loads(body))
        self.send_response(200 if genuine else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


ThreadingHTTPServer(("0.0.0.0", int(os.environ.get("PORT", 8000))), Handler).serve_forever()
