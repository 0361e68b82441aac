"""Shops and customers who go on whatever happens to payd: they make, ask for, cancel and pay payments, and remember what
they were promised."""

import hashlib
import http.client
import json
import queue
import random
import threading
import time

from .chain import DECIMALS

# What of a payment never changes.
FIXED = ["payment_number", "payment_token", "assigned_address", "expected_crypto_amount", "amount_usd_cents", "network",
         "currency", "external_order_id", "expires_at", "created_at"]
EVENTS = ("payment.created,payment.confirming,payment.confirmed,payment.underpaid,payment.expired,payment.cancelled,"
          "payment.reverted,payment.late,payment.reorged")
# Test vector 1 of BIP-32, the chain m/0H/1/2H: an account by its depth.
ACCOUNT = ("xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5")
POOL = 60


def pool():
    return ["0x" + hashlib.sha256(f"receive address {index}".encode()).hexdigest()[:40] for index in range(POOL)]


def units(amount):
    whole, _, part = amount.partition(".")
    return int(whole + part.ljust(DECIMALS, "0"))


class Shops:
    """Two stores, one with a pool of addresses and one with an account, and the threads that work with them."""

    def __init__(self, daemon, chain, receiver, seed):
        self.daemon, self.chain, self.receiver, self.seed = daemon, chain, receiver, seed
        self.keys = {}
        for store, rules in [("pool", ["--cool-down", "0s"]), ("account", [])]:
            said(daemon, "store", "add", store, *rules)
            self.keys[store] = said(daemon, "key", "add", "--store", store, "--mode", "live")["api_key"]
            endpoint = said(daemon, "webhook", "add", "--store", store, "--url", receiver.url(f"/{store}"), "--format", "payhook",
                            "--events", EVENTS)
            receiver.secrets[f"/{store}"] = endpoint["secret"]
        said(daemon, "address", "add", "--store", "pool", "--network", "ethereum", *pool())
        said(daemon, "wallet", "set", "account", "ethereum", "xpub", ACCOUNT)
        self.lock = threading.Lock()
        # Of each idempotency key that was answered: the store and the answer.
        self.answered = {}
        self.cancelled = set()
        self.confirmed = set()
        self.violations = []
        self.counts = {"creates": 0, "repeats": 0, "retries": 0, "held": 0, "refused": 0, "payments sent": 0, "looks": 0}
        self.bills = queue.Queue()
        self.is_open = True
        self.threads = [threading.Thread(target=self.shop, args=(number,), daemon=True) for number in range(6)]
        self.threads.append(threading.Thread(target=self.pay, daemon=True))

    def start(self):
        for thread in self.threads:
            thread.start()

    def close(self):
        """No more payments are made; those that were are paid."""
        self.is_open = False
        for thread in self.threads:
            thread.join()

    def count(self, what):
        with self.lock:
            self.counts[what] += 1

    def violation(self, text):
        with self.lock:
            self.violations.append(text)

    def ask(self, method, path, key, body=None, headers=()):
        """The answer, or None where payd is gone."""
        connection = http.client.HTTPConnection("127.0.0.1", self.daemon.ports[0], timeout=10)
        try:
            everything = {"x-api-key": key, "content-type": "application/json", **dict(headers)}
            connection.request(method, path, body, everything)
            reply = connection.getresponse()
            return reply.status, json.loads(reply.read())
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            return None
        finally:
            connection.close()

    def insist(self, method, path, key, body=None, headers=()):
        """Asks until it is answered: as often as payd is killed meanwhile."""
        while True:
            reply = self.ask(method, path, key, body, headers)
            if reply is not None:
                return reply
            self.count("retries")
            time.sleep(0.02)

    def shop(self, number):
        chance = random.Random(f"{self.seed}/{number}")
        mine = []
        while self.is_open:
            store = "pool" if chance.random() < 0.5 else "account"
            key, order = self.keys[store], f"{self.seed}-{number}-{chance.getrandbits(64):016x}"
            made = self.create(store, key, order, chance)
            if made is None:
                time.sleep(0.05)
                continue
            mine.append((key, made))
            if chance.random() < 0.3:
                self.look(*chance.choice(mine))
            self.decide(key, made, chance)
            time.sleep(chance.random() * 0.03)

    def create(self, store, key, order, chance):
        body = json.dumps({"amount_usd_cents": chance.randrange(100, 9999), "network": "ethereum", "currency": "usdt",
                           "external_order_id": order, "metadata": {"order": order}})
        status, made = self.insist("POST", "/api/v1/payments/", key, body, {"idempotency-key": order}.items())
        if status == 503:
            self.count("held" if made.get("code") == "all_addresses_held" else "refused")
            return None
        if status not in (200, 201):
            self.violation(f"create was answered with {status}: {made}")
            return None
        self.count("creates")
        with self.lock:
            self.answered[order] = (store, made)
        if chance.random() < 0.25:
            status, again = self.insist("POST", "/api/v1/payments/", key, body, {"idempotency-key": order}.items())
            self.count("repeats")
            self.compare(made, status, again, "the same idempotency key")
        return made

    def look(self, key, made):
        status, now = self.insist("GET", f"/api/v1/payments/{made['payment_number']}/", key)
        self.count("looks")
        self.compare(made, status, now, "a look")
        number = made["payment_number"]
        if now.get("status") == "confirmed":
            self.confirmed.add(number)
        elif number in self.confirmed:
            self.violation(f"{number} was confirmed and is {now.get('status')}")

    def compare(self, made, status, now, what):
        if status != 200:
            self.violation(f"{what} for {made['payment_number']} was answered with {status}: {now}")
            return
        for field in FIXED:
            if made[field] != now[field]:
                self.violation(f"{what}: {field} of {made['payment_number']} was {made[field]} and is {now[field]}")

    def decide(self, key, made, chance):
        due, choice = units(made["expected_crypto_amount"]), chance.random()
        bill = lambda amount, wait: self.bills.put((time.monotonic() + wait, made["assigned_address"], amount))
        if choice < 0.4:
            bill(due, chance.random())
        elif choice < 0.55:
            bill(due // 2, chance.random())
            bill(due - due // 2, 1 + chance.random())
        elif choice < 0.6:
            bill(due + 7, chance.random())
        elif choice < 0.65:
            bill(due // 3, chance.random())
        elif choice < 0.9 or made["assigned_address"] in self.pool_addresses:
            status, now = self.insist("POST", f"/api/v1/payments/{made['payment_number']}/cancel/", key, "{}")
            # A call that was broken off may have cancelled it already.
            if status == 200 or now.get("status") == "cancelled" or status == 409:
                self.cancelled.add(made["payment_number"])
            else:
                self.violation(f"cancel of {made['payment_number']} was answered with {status}: {now}")
            if chance.random() < 0.2:
                bill(due, 0.5)

    pool_addresses = frozenset(pool())

    def pay(self):
        while self.is_open or not self.bills.empty():
            try:
                due, address, amount = self.bills.get(timeout=0.2)
            except queue.Empty:
                continue
            time.sleep(min(2, max(0, due - time.monotonic())) if self.is_open else 0)
            self.chain.pay(address, amount)
            self.count("payments sent")


def said(daemon, *arguments):
    """What a command says as JSON; it has to succeed."""
    done = daemon.command(*arguments, "--json")
    if done.returncode != 0:
        raise RuntimeError(f"payd {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout) if done.stdout.strip() else None
