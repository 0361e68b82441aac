"""Takes webhooks on port 8000: refuses what is not signed, and says which order is paid."""

import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WEBHOOK_SECRET = "your_webhook_secret"


def is_genuine(headers, body):
    # The header is t=<unix time>,v1=<hex>.
    header = headers.get("X-PayHook-Signature", "")
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    sent, signature = parts.get("t", ""), parts.get("v1", "")
    if not sent.isdecimal() or abs(time.time() - int(sent)) > 300:
        return False
    expected = hmac.new(WEBHOOK_SECRET.encode(), sent.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


def take(headers, event):
    """Store it here. The same webhook can come twice: act on each payment once."""
    if event["event"] == "payment.confirmed":
        note = " (a test: do not deliver)" if event["mode"] == "test" else ""
        print(f"{event['external_order_id']} is paid{note}", flush=True)


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
