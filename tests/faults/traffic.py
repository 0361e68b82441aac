"""kill -9 under load: payd is killed again and again, also while it starts, and shops and customers go on."""

import os
import random
import signal
import socket
import sqlite3
import subprocess
import time

from benchmarks import common

from . import audit
from .chain import Chain
from .receiver import Receiver
from .shop import Shops

CONFIRMATIONS = 2
# The longest that payd runs before it is killed.
RUN_MAX_S = 0.5
# The share of kills that come while it starts, and the longest that such a start may take.
STARTING = 0.3
START_MAX_S = 0.12
AUDIT_EVERY = 20
SETTLE_MAX_S = 240


def configuration(chain):
    def text(ports):
        return common.configuration(ports).replace('level = "error"', 'level = "warn"') + f"""
[rates.fixed.usd]
USDT = "1"
ETH = "2000"
[networks.ethereum]
confirmations = {CONFIRMATIONS}
final_depth = 12
block_time_ms = 1000
mode = "receipts"
verify = "full"
poll_ms = 100
idle_poll_ms = 100
start_height = 1
[[networks.ethereum.providers]]
url = "{chain.url}"
[networks.ethereum.tokens.usdt]
contract = "{chain.token}"
decimals = 6
[networks.ethereum.tokens.usdc]
enabled = false
[networks.ethereum.tokens.busd]
enabled = false
"""
    return text


def run(options, payd, directory):
    chain = Chain(directory)
    try:
        receiver = Receiver(options.seed)
        daemon = common.Daemon(payd, os.path.join(directory, "data"), configuration(chain))
        daemon.log = os.path.join(directory, "payd.log")
        return Traffic(options, daemon, chain, receiver).run()
    finally:
        chain.stop()


class Traffic:
    def __init__(self, options, daemon, chain, receiver):
        self.options, self.daemon, self.chain, self.receiver = options, daemon, chain, receiver
        self.chance = random.Random(options.seed)
        self.shops = Shops(daemon, chain, receiver, options.seed)
        self.counts = {"kills": 0, "of them while it started": 0}
        self.wrong = []

    def run(self):
        self.shops.start()
        for number in range(1, self.options.kills + 1):
            self.kill_once()
            if number % AUDIT_EVERY == 0:
                self.audit(is_settled=False)
                print(f"{number} kills, {len(self.shops.answered)} payments, {self.receiver.posts} webhooks, "
                      f"{len(self.wrong) + len(self.shops.violations) + len(self.receiver.violations)} violations", flush=True)
        self.launch()
        self.shops.close()
        self.receiver.is_failing = False
        self.settle()
        self.daemon.stop()
        self.audit(is_settled=True)
        with open(self.daemon.log, encoding="utf-8") as log:
            text = log.read()
        self.wrong += [f"the log says: {line}" for line in text.splitlines() if "panicked" in line or "ERROR" in line]
        self.receiver.stop()
        with audit.copy_of(self.daemon.data) as database:
            ask = lambda sql: database.execute(sql).fetchone()[0]
            paid = ask("SELECT count(*) FROM payments WHERE status = 'paid'")
            transfers, events = ask("SELECT count(*) FROM transfers"), ask("SELECT count(*) FROM events")
        repeated = sum(count - 1 for count in self.receiver.taken.values())
        counts = {**self.counts, **self.shops.counts, "payments": len(self.shops.answered), "cancelled": len(self.shops.cancelled),
                  "paid": paid, "transfers": transfers, "events": events, "webhooks received": self.receiver.posts,
                  "webhooks taken more than once": repeated}
        return counts, self.wrong + self.shops.violations + self.receiver.violations

    def launch(self):
        """Starts payd and waits for nothing."""
        with open(self.daemon.log, "ab") as log:
            command = [self.daemon.payd, "--config", self.daemon.config, "--data-dir", self.daemon.data, "serve"]
            self.daemon.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)

    def kill_once(self):
        self.launch()
        if self.chance.random() < STARTING:
            self.counts["of them while it started"] += 1
            time.sleep(self.chance.random() * START_MAX_S)
        else:
            self.wait_until_it_listens()
            time.sleep(self.chance.random() * RUN_MAX_S)
        if self.daemon.process.poll() is not None:
            self.wrong.append(f"payd ended by itself: {self.daemon.process.returncode}")
        self.daemon.process.send_signal(signal.SIGKILL)
        self.daemon.process.wait()
        self.daemon.process = None
        self.counts["kills"] += 1

    def wait_until_it_listens(self):
        for _ in range(6000):
            try:
                socket.create_connection(("127.0.0.1", self.daemon.ports[0]), timeout=5).close()
                return
            except OSError:
                if self.daemon.process.poll() is not None:
                    return
                time.sleep(0.005)
        self.wrong.append("payd does not listen")

    def audit(self, is_settled):
        """What is wrong with what lies on the disk. payd does not run."""
        # Answers that come in from here on are of payments that are not in the copy only if they are lost.
        with self.shops.lock:
            answered, cancelled = dict(self.shops.answered), set(self.shops.cancelled)
        with audit.copy_of(self.daemon.data) as database:
            sent = self.chain.transfers()
            wrong = audit.whole(database)
            wrong += audit.promises(database, answered, cancelled)
            wrong += audit.events(database)
            wrong += audit.money(database, sent, is_settled)
            wrong += audit.deliveries(database, self.receiver, is_settled)
        self.wrong += [f"after {self.counts['kills']} kills: {text}" for text in wrong]

    def settle(self):
        """Waits until all money is settled and everybody was told of it."""
        # The last money is in one of the next blocks; and only when the one after was read is all done that follows of one.
        height = self.chain.height() + 2 + CONFIRMATIONS + 1
        path = os.path.join(self.daemon.data, "payd.sqlite")
        end = time.monotonic() + SETTLE_MAX_S
        while time.monotonic() < end:
            database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)
            cursor = database.execute("SELECT height FROM cursors WHERE network = 'ethereum'").fetchone()
            waiting = database.execute("SELECT count(*) FROM deliveries WHERE state = 'pending'").fetchone()[0]
            database.close()
            if cursor and cursor[0] >= height and waiting == 0:
                return
            time.sleep(0.2)
        self.wrong.append(f"not settled in {SETTLE_MAX_S} s: read to {cursor} of {height}, {waiting} webhooks to be sent")
