"""Takes webhooks on port 8000: refuses what is not signed, and says which order is paid."""

import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WEBHOOK_SECRET = "whsec_your_secret"


def is_genuine(headers, body):
    message, sent = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not sent.isdecimal() or abs(time.time() - int(sent)) > 300:
        return False
    # What follows whsec_ is the key, in base64.
    key = base64.b64decode(WEBHOOK_SECRET.removeprefix("whsec_"))
    mac = hmac.new(key, f"{message}.{sent}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(mac).decode()
    return hmac.compare_digest(expected.encode(), headers.get("webhook-signature", "").encode())


def take(headers, event):
    """Store it here. The same webhook can come twice: act on each payment once."""
    if event["type"] == "payment.confirmed":
        note = " (a test: do not deliver)" if event["data"]["mode"] == "test" else ""
        print(f"{event['data']['external_order_id']} is paid{note}", flush=True)


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
