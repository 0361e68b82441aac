"""A shop's webhook handler for the tests: checks each request by the rule of one gateway's page, answers 200 or 401,
and writes it down with that status, one line of JSON each.

    DIALECT=soko SECRET=.. PORT=.. RECORD=FILE python tests/python/handle.py
"""

import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["SECRET"]
TOLERANCE_S = 300
BODY_BYTES_MAX = 64 * 1024


def is_signed(key, signed, signature):
    expected = hmac.new(key, signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), (signature or "").encode())


def is_of_now(text):
    return abs(time.time() - int(text)) <= TOLERANCE_S


def payhook(headers, body):
    parts = dict(part.split("=", 1) for part in headers["X-PayHook-Signature"].split(","))
    return is_of_now(parts["t"]) and is_signed(SECRET.encode(), parts["t"].encode() + b"." + body, parts["v1"])


def soko(headers, body):
    sent = headers["X-Timestamp"]
    return is_of_now(sent) and is_signed(SECRET.encode(), sent.encode() + body, headers["X-Signature"])


def signed_body(headers, body):
    return is_signed(SECRET.encode(), body, headers["X-Signature"])


def cryptopayment(headers, body):
    told = json.loads(body)
    signed = f"{told['invoice_id']}.{told['event']}".encode()
    return is_signed(base64.b64decode(SECRET), signed, told["signature"])


RULES = {
    "payhook": payhook,
    "soko": soko,
    "crypto-pay": signed_body,
    "usdt-payments": signed_body,
    "cryptopayment": cryptopayment,
}
is_genuine = RULES[os.environ["DIALECT"]]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers["Content-Length"])
        if length > BODY_BYTES_MAX:
            self.send_error(413)
            return
        body = self.rfile.read(length)
        status = 401
        try:
            if is_genuine(self.headers, body):
                status = 200
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            self.log_message("refused: %r", error)
        line = {"headers": dict(self.headers), "body": base64.b64encode(body).decode(), "status": status}
        with open(os.environ["RECORD"], "a", encoding="utf-8") as record:
            record.write(json.dumps(line) + "\n")
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
