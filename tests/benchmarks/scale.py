"""How what payd does takes longer as payments grow: the same questions to a database of a thousand and one of many, by turns, so
that whatever else the machine does is felt by both. Each is asked for payments from all over the database."""

import hashlib
import hmac
import http.client
import json
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.parse

from . import common
from .dashboard import PASSWORD, Visitor

# The database before: as many payments.
SMALL = 1_000
# Questions of each kind.
ROUNDS = {True: 20, False: 60}
# The newest payments, of which some are still open.
OPEN = 300
STORE = "Nordwind"


class Shop:
    """A program of a store, on one connection that is kept open."""

    def __init__(self, port, keys):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.keys = keys
        self.serial = random.getrandbits(40)

    def ask(self, method, path, headers, body=b""):
        return asked(self.connection, lambda: self.ask_once(method, path, headers, body))

    def ask_once(self, method, path, headers, body):
        begun = time.perf_counter()
        self.connection.request(method, path, body, headers)
        reply = self.connection.getresponse()
        text = reply.read()
        took = time.perf_counter() - begun
        if reply.status not in (200, 201):
            sys.exit(f"{method} {path}: {reply.status} {text[:400]}")
        return took * 1000

    def soko(self, method, target, body=None, mode="live"):
        key, secret = self.keys[mode]
        payload = b"" if body is None else json.dumps(body).encode()
        moment = str(int(time.time()))
        signed = moment.encode() + method.encode() + target.split("?")[0].encode() + payload
        signature = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        headers = {"x-api-key": key, "x-timestamp": moment, "x-signature": signature, "content-type": "application/json"}
        return self.ask(method, target, headers, payload)

    def cryptopayment(self, target):
        key, secret = self.keys["live"]
        return self.ask("GET", target, {"authorization": f"Bearer {key}:{secret}"})

    def crypto_pay(self, target):
        key, secret = self.keys["live"]
        signature = hmac.new(secret.encode(), b"", hashlib.sha256).hexdigest()
        return self.ask("GET", target, {"x-api-key": key, "x-signature": signature})

    def payhook(self, method, target, body=None, mode="live"):
        payload = b"" if body is None else json.dumps(body).encode()
        headers = {"x-api-key": self.keys[mode][0], "content-type": "application/json"}
        return self.ask(method, target, headers, payload)

    def order(self):
        self.serial += 1
        return f"BENCH-{self.serial}"


class Side:
    """A filled database with a payd over it, and somebody who asks."""

    def __init__(self, payd, load, data, payments):
        self.load, self.data = load, data
        os.makedirs(data, mode=0o700)
        begun = time.perf_counter()
        subprocess.run([load, "seed", data, "--payments", str(payments), "--events", str(3 * payments)], check=True,
                       stdout=subprocess.DEVNULL)
        self.seed_s = time.perf_counter() - begun
        self.daemon = common.Daemon(payd, data)
        self.daemon.command("user", "add", "bench", "--role", "owner", "--password-stdin", input=PASSWORD + "\n", check=True)
        keys = {}
        for mode in ("live", "test"):
            made = self.daemon.command("--json", "key", "add", "--store", STORE, "--mode", mode, check=True)
            made = json.loads(made.stdout)
            keys[mode] = (made["api_key"], made["api_secret"])
        self.daemon.command("store", "accept", STORE, "USDT_TRC20", check=True)
        self.samples = Samples(os.path.join(data, "payd.sqlite"))
        self.settled = self.settle()
        self.daemon.start()
        self.visitor = Visitor(self.daemon.ports[2])
        self.visitor.sign_in()
        self.shop = Shop(self.daemon.ports[0], keys)

    def cpu_ms(self):
        """What payd's threads have computed so far: the clock on the wall counts whatever else the machine does, too."""
        spent = 0
        directory = f"/proc/{self.daemon.process.pid}/task"
        try:
            for thread in os.listdir(directory):
                with open(f"{directory}/{thread}/schedstat", encoding="ascii") as file:
                    spent += int(file.read().split()[0])
        except (OSError, ValueError):
            pass
        return spent / 1e6

    def settle(self):
        printed = subprocess.run([self.load, "settle", self.data], check=True, stdout=subprocess.PIPE, text=True).stdout
        return json.loads(printed)

    def page(self, path):
        status, text, took = asked(self.visitor.connection, lambda: self.visitor.ask("GET", path))
        if status != 200:
            sys.exit(f"{path}: {status} {text[:400]}")
        return took * 1000


class Samples:
    """What is asked for: payments of the store from all over the database, and where its lists end."""

    def __init__(self, database):
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        last = connection.execute("SELECT MAX(id) FROM payments").fetchone()[0]
        wanted = ("SELECT id, number, uuid, code, external_id, customer_email, latest_txid, address, created_ms FROM payments"
                  " WHERE id >= ? AND store_id = 1 AND mode = 'live' AND status = 'paid' AND external_id <> ''"
                  " AND customer_email <> '' LIMIT 1")
        chance = random.Random(6)
        self.payments = []
        while len(self.payments) < 64:
            row = connection.execute(wanted, (chance.randrange(1, last - OPEN),)).fetchone()
            if row is not None:
                self.payments.append(row)
        count = "SELECT COUNT(*) FROM payments WHERE store_id = 1 AND mode = 'live'"
        self.live = connection.execute(count).fetchone()[0]
        self.paid = connection.execute(f"{count} AND status = 'paid'").fetchone()[0]
        self.in_usdt = connection.execute(f"{count} AND network = 'tron' AND currency = 'usdt'").fetchone()[0]
        first, last = connection.execute("SELECT MIN(created_ms), MAX(created_ms) FROM payments").fetchone()
        self.middle_s = (first + last) // 2000
        connection.close()

    def one(self, turn):
        return self.payments[turn % len(self.payments)]


def asked(connection, ask):
    """What came of asking, once more on a new connection where the old one had been idle for too long."""
    try:
        return ask()
    except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
        connection.close()
        return ask()


def quoted(value):
    return urllib.parse.quote(str(value))


def soko_list(side, query, count, part):
    """A page of a list of `count` payments: the first, or one that lies that part of the way down."""
    page = max(1, int(count / 20 * part))
    return side.shop.soko("GET", f"/api/v1/payments?per_page=20&page={page}{query}")


def searched(field):
    return lambda side, turn: side.page(f"/stores/1/payments?q={quoted(side.samples.one(turn)[field])}")


def create_soko(side, _turn):
    body = {"fiat_amount": "25.99", "fiat_currency": "USD", "order_id": side.shop.order()}
    return side.shop.soko("POST", "/api/v1/payment/create", body, mode="test")


def create_payhook(side, _turn):
    body = {"amount_usd_cents": 2599, "network": "tron", "currency": "usdt", "external_order_id": side.shop.order()}
    return side.shop.payhook("POST", "/api/v1/payments/", body, mode="test")


OPERATIONS = {
    "list_soko": lambda side, turn: soko_list(side, "", side.samples.live, 0),
    "list_soko_deep": lambda side, turn: soko_list(side, "", side.samples.live, 0.2 + 0.6 * (turn % 8) / 8),
    "list_soko_last": lambda side, turn: soko_list(side, "", side.samples.live, 1),
    "list_soko_status": lambda side, turn: soko_list(side, "&status=completed", side.samples.paid, 0),
    "list_soko_status_deep": lambda side, turn: soko_list(side, "&status=completed", side.samples.paid, 0.5),
    "list_soko_currency": lambda side, turn: soko_list(side, "&currency=USDT_TRC20", side.samples.in_usdt, 0),
    "list_soko_currency_deep": lambda side, turn: soko_list(side, "&currency=USDT_TRC20", side.samples.in_usdt, 0.5),
    "list_soko_time": lambda side, turn: soko_list(side, f"&from={side.samples.middle_s}", side.samples.live / 2, 0),
    "list_soko_time_deep": lambda side, turn: soko_list(side, f"&to={side.samples.middle_s}", side.samples.live / 2, 0.5),
    "list_cryptopayment": lambda side, turn: side.shop.cryptopayment("/api/v1/invoices"),
    "list_cryptopayment_deep":
        lambda side, turn: side.shop.cryptopayment(f"/api/v1/invoices?page={max(1, side.samples.live // 40)}"),
    "list_dashboard": lambda side, turn: side.page("/stores/1/payments"),
    "list_dashboard_deep": lambda side, turn: side.page(f"/stores/1/payments?before={side.samples.one(turn)['number']}"),
    "list_dashboard_filtered": lambda side, turn: side.page(
        "/stores/1/payments?mode=test&status=underpaid&origin=widget&asset=USDC_ERC20&min=1&max=5"),
    "search_number": searched("number"),
    "search_order": searched("external_id"),
    "search_email": searched("customer_email"),
    "search_transaction": searched("latest_txid"),
    "search_address": searched("address"),
    "search_nothing": lambda side, turn: side.page("/stores/1/payments?q=there-is-no-such-order"),
    "status_payhook": lambda side, turn: side.shop.payhook("GET", f"/api/v1/payments/{side.samples.one(turn)['number']}/"),
    "status_soko": lambda side, turn: side.shop.soko("GET", f"/api/v1/payment/{side.samples.one(turn)['uuid']}"),
    "status_crypto_pay":
        lambda side, turn: side.shop.crypto_pay(f"/api/payment-status.php?payment_id={side.samples.one(turn)['code']}"),
    "status_cryptopayment": lambda side, turn: side.shop.cryptopayment(f"/api/v1/invoices/{side.samples.one(turn)['uuid']}"),
    "status_dashboard": lambda side, turn: side.page(f"/stores/1/payments/{side.samples.one(turn)['number']}"),
    "overview": lambda side, turn: side.page("/stores/1/overview?mode=live"),
    "webhooks": lambda side, turn: side.page("/stores/1/webhooks/1"),
    "inbox": lambda side, turn: side.page("/stores/1/inbox"),
    "create_soko": create_soko,
    "create_payhook": create_payhook,
}


def compared(before, after, cpu_before, cpu_after):
    """The middle of both, and the worst of a hundred; and the middle of what payd computed for it."""
    worst = lambda took: sorted(took)[min(len(took) - 1, int(len(took) * 0.99))]
    middle = lambda took: statistics.median(took)
    ratio = lambda first, second: round(second / first, 2)
    return {
        "before_ms": round(middle(before), 3), "after_ms": round(middle(after), 3),
        "ratio": ratio(middle(before), middle(after)),
        "before_p99_ms": round(worst(before), 3), "after_p99_ms": round(worst(after), 3),
        "ratio_p99": ratio(worst(before), worst(after)),
        "before_cpu_ms": round(middle(cpu_before), 3), "after_cpu_ms": round(middle(cpu_after), 3),
        "ratio_cpu": ratio(max(middle(cpu_before), 0.001), middle(cpu_after)),
    }


def measured(operation, before, after, rounds):
    took, spent = ([], []), ([], [])
    for turn in range(2 * rounds):
        # By turns, each first as often as second; the first half warms up, so that both are asked twice for the same.
        sides = [(before, took[0], spent[0]), (after, took[1], spent[1])]
        for side, kept, computed in sides if turn % 2 else reversed(sides):
            begun = side.cpu_ms()
            one = operation(side, turn % rounds)
            if turn >= rounds:
                kept.append(one)
                computed.append(side.cpu_ms() - begun)
    return compared(*took, *spent)


def sizes(data, payments):
    """Bytes of a payment with all that belongs to it: in all, and by table and index."""
    database = os.path.join(data, "payd.sqlite")
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    counts = {table: connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
              for table in ("payments", "transfers", "events", "deliveries", "attempts")}
    pages = connection.execute("PRAGMA page_count").fetchone()[0] * connection.execute("PRAGMA page_size").fetchone()[0]
    try:
        # Page by page: where SQLite adds them up itself, what is larger than 4 GiB comes out small.
        parts = connection.execute("SELECT name, SUM(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC").fetchall()
    except sqlite3.OperationalError:
        # Not every SQLite has this table.
        parts = []
    connection.close()
    shares = {name: round(size / payments) for name, size in parts if size >= payments}
    return counts, round(pages / payments), shares


def run(options):
    payd, load = common.built(options)
    payments = options.payments or (160_000 if options.quick else 10_000_000)
    rounds = ROUNDS[options.quick]
    with common.scratch() as scratch:
        sides = []
        try:
            for name, count in (("before", SMALL), ("after", payments)):
                sides.append(Side(payd, load, os.path.join(scratch, name), count))
            before, after = sides
            found = {name: measured(operation, before, after, rounds) for name, operation in OPERATIONS.items()}
            for name, step in (("settle_record", "record"), ("settle_paid", "settle")):
                found[name] = compared(*(side.settled[f"{step}{unit}"] for unit in ("_ms", "_cpu_ms") for side in sides))
        finally:
            for side in sides:
                side.daemon.stop()
        counts, bytes_each, shares = sizes(after.data, payments)
        shutil.rmtree(after.data)
    rows = sum(counts.values())
    worst = max(found, key=lambda name: found[name]["ratio"])
    return {
        "worst_ratio": found[worst]["ratio"],
        "worst": worst,
        "worst_ratio_cpu": max(one["ratio_cpu"] for one in found.values()),
        "payments": counts["payments"],
        "events": counts["events"],
        "rows": rows,
        "seed_rows_per_second": round(rows / after.seed_s),
        "bytes_per_payment": bytes_each,
        "bytes_per_payment_by_table": shares,
        **found,
    }


def told(report):
    head = (f"{report['payments']:,} payments, {report['events']:,} events, {report['rows']:,} rows at"
            f" {report['seed_rows_per_second']:,} a second; beside {SMALL:,} payments\n"
            f"{report['bytes_per_payment']:,} bytes a payment; worst ratio {report['worst_ratio']} ({report['worst']})\n")
    found = {name: one for name, one in report.items() if isinstance(one, dict) and "ratio" in one}
    columns = ["before_ms", "after_ms", "ratio", "before_p99_ms", "after_p99_ms", "ratio_p99", "before_cpu_ms", "after_cpu_ms",
               "ratio_cpu"]
    rows = [[name, *(one[column] for column in columns)] for name, one in found.items()]
    titles = ["operation", *(f"{side} {what}" for what in ("p50", "p99", "cpu") for side in ("before", "after", "ratio"))]
    text = head + common.table([title.replace("ratio p50", "ratio") for title in titles], rows)
    shares = list(report["bytes_per_payment_by_table"].items())
    return text + "\n" + common.table(["bytes a payment", ""], shares[:24]) if shares else text
