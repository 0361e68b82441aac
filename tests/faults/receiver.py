"""A shop's webhook endpoint: verifies every signature, keeps what it was told, and sometimes fails."""

import hashlib
import hmac
import http.server
import json
import random
import threading
import time


class Receiver:
    """Serves until stopped. `secrets` maps a path to the endpoint's secret."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.lock = threading.Lock()
        self.secrets = {}
        # Of each delivery id: what was told, and how often it was taken.
        self.told = {}
        self.taken = {}
        self.violations = []
        self.is_failing = True
        self.posts = 0
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                owner.post(self)

            def log_message(self, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *arguments):
                """payd was killed while it sent."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def post(self, request):
        try:
            body = request.rfile.read(int(request.headers["content-length"]))
            if len(body) != int(request.headers["content-length"]):
                return
        except OSError:
            return
        with self.lock:
            self.posts += 1
            fault = self.chance.random() if self.is_failing else 1
        self.keep(request, body, is_taken=fault > 0.06)
        try:
            if fault < 0.02:
                request.close_connection = True
                request.connection.close()
                return
            if fault < 0.04:
                time.sleep(0.4)
            request.send_response(503 if fault < 0.06 else 200)
            request.send_header("content-length", "0")
            request.end_headers()
        except OSError:
            # payd was killed while it waited.
            pass

    def keep(self, request, body, is_taken):
        delivery = request.headers["x-payhook-delivery-id"]
        fault = self.signature_fault(request, body)
        with self.lock:
            if fault:
                self.violations.append(f"delivery {delivery}: {fault}")
                return
            told = json.loads(body)
            known = self.told.setdefault(delivery, (told["event"], told["payment_id"], body))
            if known[2] != body:
                self.violations.append(f"delivery {delivery} was sent with two contents: {known[2]} and {body}")
            if is_taken:
                self.taken[delivery] = self.taken.get(delivery, 0) + 1

    def signature_fault(self, request, body):
        parts = dict(part.split("=", 1) for part in request.headers["x-payhook-signature"].split(","))
        if abs(time.time() - int(parts["t"])) > 300:
            return "its signature is not of now"
        expected = hmac.new(self.secrets[request.path].encode(), parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, parts["v1"]):
            return "its signature is wrong"
        if json.loads(body)["event"] != request.headers["x-payhook-event"]:
            return "header and body name two events"
        return None

    def stop(self):
        self.server.shutdown()
