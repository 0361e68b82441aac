"""How long each page of the dashboard takes over HTTP, wall clock, one request at a time, over a database full of payments."""

import datetime
import http.client
import os
import sqlite3
import subprocess
import sys
import time
import urllib.parse

from . import common

PASSWORD = "correct horse battery"
LIMIT_MS = 50

# What is measured: a name, and a path in which {braces} are filled from the database. Pages that answer anything but 200 are
# told as missing, so that a page can stand here before it is there.
PAGES = [
    ("overview", "/stores/1/overview?mode=live"),
    ("overview, a small store", "/stores/3/overview?mode=live"),
    ("payments, first page", "/stores/1/payments"),
    ("payments, deep page", "/stores/1/payments?before={deep}"),
    ("payments, deepest page", "/stores/1/payments?before={deepest}"),
    ("payments, live", "/stores/1/payments?mode=live"),
    ("payments, test", "/stores/1/payments?mode=test"),
    ("payments, paid", "/stores/1/payments?status=paid"),
    ("payments, confirming (rare)", "/stores/1/payments?status=confirming"),
    ("payments, failed (none)", "/stores/1/payments?status=failed"),
    ("payments, by asset", "/stores/1/payments?asset=USDT_TRC20"),
    ("payments, by origin", "/stores/1/payments?origin=donation"),
    ("payments, by days", "/stores/1/payments?from={day}&until={day}"),
    ("payments, by price", "/stores/1/payments?min=290&max=300"),
    ("payments, all filters", "/stores/1/payments?mode=test&status=underpaid&origin=widget&asset=USDC_ERC20&min=1&max=5"),
    ("search, number", "/stores/1/payments?q={number}"),
    ("search, order", "/stores/1/payments?q={order}"),
    ("search, e-mail", "/stores/1/payments?q={email}"),
    ("search, transaction", "/stores/1/payments?q={txid}"),
    ("search, address", "/stores/1/payments?q={address}"),
    ("search, nothing found", "/stores/1/payments?q=there-is-no-such-order"),
    ("a payment", "/stores/1/payments/{number}"),
    ("balances", "/stores/1/balances"),
    ("inbox", "/stores/1/inbox"),
    ("inbox, with what was handled", "/stores/1/inbox?all=1"),
    ("inbox, deep page", "/stores/1/inbox?all=1&before={transfer}"),
    ("a transfer of the inbox", "/stores/1/inbox/{letter}"),
    ("donations", "/stores/1/donations"),
    ("addresses", "/stores/1/addresses"),
    ("webhooks", "/stores/1/webhooks"),
    ("webhooks, an endpoint", "/stores/1/webhooks/1"),
    ("webhooks, given up", "/stores/1/webhooks/1?state=failed"),
    ("webhooks, events", "/stores/1/webhooks/events"),
    ("stores", "/stores"),
    ("nodes", "/nodes"),
    ("audit log", "/audit-log"),
]


class Visitor:
    """Somebody signed in, on one connection that is kept open."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = {}

    def ask(self, method, path, form=None):
        headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["content-type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self.connection.request(method, path, body, headers)
        reply = self.connection.getresponse()
        text = reply.read()
        took = time.perf_counter() - begun
        for cookie in reply.headers.get_all("set-cookie") or []:
            name, value = cookie.split(";", 1)[0].split("=", 1)
            self.cookies[name] = value
        return reply.status, text, took

    def sign_in(self):
        status, text, _ = self.ask("POST", "/sign-in", {"name": "bench", "password": PASSWORD})
        if status != 303:
            sys.exit(f"signing in: {status} {text[:400]}")


def names(database):
    """What the braces of the paths are filled with."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)

    def one(sql):
        row = connection.execute(sql).fetchone()
        return "" if row is None else str(row[0])

    count = int(one("SELECT MAX(id) FROM payments"))
    some = f"FROM payments WHERE store_id = 1 AND id >= {count // 2}"
    found = {
        "deep": one(f"SELECT number {some} LIMIT 1"),
        "deepest": one("SELECT number FROM payments WHERE store_id = 1 AND id > 100 LIMIT 1"),
        "number": one(f"SELECT number {some} AND status = 'paid' LIMIT 1"),
        "order": one(f"SELECT external_id {some} AND external_id <> '' LIMIT 1"),
        "email": one(f"SELECT customer_email {some} AND customer_email <> '' LIMIT 1"),
        "txid": one(f"SELECT latest_txid {some} AND latest_txid <> '' LIMIT 1"),
        "address": one(f"SELECT address {some} LIMIT 1"),
        "day": datetime.datetime.fromtimestamp(int(one(f"SELECT created_ms {some} LIMIT 1")) / 1000, datetime.UTC)
        .date().isoformat(),
        "transfer": one(f"SELECT MAX(id) FROM transfers WHERE payment_id <= {count // 2}"),
        "letter": one("SELECT id FROM transfers WHERE store_id = 1 AND judgement <> 'counted' AND handled IS NULL"
                      " AND network NOT LIKE 'test-%' ORDER BY id DESC LIMIT 1"),
    }
    connection.close()
    return count, found


def measured(visitor, path, rounds):
    status, _, first = visitor.ask("GET", path)
    if status != 200:
        return {"status": status}
    took = sorted(visitor.ask("GET", path)[2] for _ in range(rounds))
    at = lambda share: round(took[min(len(took) - 1, int(len(took) * share))] * 1000, 2)
    return {"status": 200, "first_ms": round(first * 1000, 2), "p50_ms": at(0.5), "p99_ms": at(0.99)}


def run(options):
    payd, load = common.built(options)
    with common.scratch() as scratch:
        data = options.data or os.path.join(scratch, "data")
        os.makedirs(data, mode=0o700, exist_ok=True)
        database = os.path.join(data, "payd.sqlite")
        seeded = None
        if not os.path.exists(database):
            payments = options.payments or (100_000 if options.quick else 1_000_000)
            seeded = subprocess.run([load, "seed", data, "--payments", str(payments)], check=True,
                                    stdout=subprocess.PIPE, text=True).stdout.strip()
            print(seeded, file=sys.stderr)
        daemon = common.Daemon(payd, data)
        # Fails where the database has the user from the last time.
        daemon.command("user", "add", "bench", "--role", "owner", "--password-stdin", input=PASSWORD + "\n")
        count, filled = names(database)
        try:
            daemon.start()
            visitor = Visitor(daemon.ports[2])
            visitor.sign_in()
            results = []
            for name, path in PAGES:
                path = path.format(**{key: urllib.parse.quote(value) for key, value in filled.items()})
                results.append({"page": name, "path": path, **measured(visitor, path, options.rounds)})
        finally:
            daemon.stop()
    measured_pages = [page for page in results if page["status"] == 200]
    return {
        "payments": count,
        "seeded": seeded,
        "limit_ms": LIMIT_MS,
        "slow": [page["page"] for page in measured_pages if page["p99_ms"] > LIMIT_MS],
        "pages": results,
    }


def told(report):
    rows = []
    for page in report["pages"]:
        if page["status"] == 200:
            slow = "slow" if page["page"] in report["slow"] else ""
            rows.append([page["page"], page["first_ms"], page["p50_ms"], page["p99_ms"], slow])
        else:
            rows.append([page["page"], "answers", page["status"], "", ""])
    return f"{report['payments']:,} payments\n" + common.table(["page", "first ms", "p50 ms", "p99 ms", ""], rows)
