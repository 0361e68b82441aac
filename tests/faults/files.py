"""Kills while files are made and written: the first start, a migration, a backup, the networks."""

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import time

from benchmarks import common

from . import audit

ROUNDS = 20
# Payments of the old database: enough for its migration to take a while.
PAYMENTS = 10000


def run(options, payd, directory):
    chance = random.Random(options.seed)
    counts, wrong = {}, []
    for name, part in [("first start", first_start), ("migration", migration), ("backup", backup), ("networks", networks)]:
        kills, found = part(payd, os.path.join(directory, name.replace(" ", "-")), chance)
        print(f"{name}: {kills} kills, {len(found)} violations", flush=True)
        counts[f"kills during {name}"] = kills
        wrong += [f"{name}: {text}" for text in found]
    return counts, wrong


def killed(daemon, arguments, after_s):
    """Runs a command and kills it after a while; whether it was killed before it ended."""
    command = [daemon.payd, "--config", daemon.config, "--data-dir", daemon.data, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        process.wait(timeout=after_s)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def starts(daemon):
    """Whether it starts, is ready and ends in order; what it says where it does not."""
    with open(os.path.join(daemon.data, "..", f"{os.path.basename(daemon.data)}.log"), "w+b") as log:
        command = [daemon.payd, "--config", daemon.config, "--data-dir", daemon.data, "serve"]
        daemon.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)
        try:
            common.wait_until_ready(daemon.process, daemon.ports[0])
            return None
        except SystemExit as error:
            log.seek(0)
            return f"{error}: {log.read().decode()}"
        finally:
            daemon.stop()


def leftovers(data):
    return [name for name in os.listdir(data) if ".part-" in name or re.search(r"toml\.\d+$", name) or name.endswith(".tmp")]


def first_start(payd, base, chance):
    kills, wrong = 0, []
    for number in range(ROUNDS):
        daemon = common.Daemon(payd, f"{base}-{number}")
        for _ in range(3):
            kills += killed(daemon, ["serve"], chance.random() * 0.1)
        wrong += [text for text in [starts(daemon)] if text]
        wrong += [f"left {name}" for name in leftovers(daemon.data)]
        shutil.rmtree(daemon.data)
    return kills, wrong


def old_database(payd, data):
    """A database of the first schema, full of payments; and what it holds of money."""
    daemon = common.Daemon(payd, data)
    text = starts(daemon)
    if text:
        raise RuntimeError(text)
    path = os.path.join(data, "payd.sqlite")
    with sqlite3.connect(path) as new:
        create = new.execute("SELECT sql FROM sqlite_schema WHERE name = 'refinery_schema_history'").fetchone()[0]
        first = new.execute("SELECT * FROM refinery_schema_history WHERE version = 1").fetchone()
    os.remove(path)
    migration = os.path.join(common.ROOT, "migrations", "V1__initial.sql")
    with sqlite3.connect(path) as old, open(migration, encoding="utf-8") as script:
        old.executescript(script.read())
        old.execute(create)
        old.execute(f"INSERT INTO refinery_schema_history VALUES ({', '.join('?' * len(first))})", first)
        old.execute("INSERT INTO stores VALUES (1, 'shop', 'payhook', NULL, 1, 1, 0, 'flag', 1)")
        old.executemany("""INSERT INTO payments (id, store_id, number, token, mode, status, network, currency, address, due, required,
            confirmations, price_currency, price_minor, rate, rate_source, external_id, customer_email, redirect_url, metadata,
            seen, settled, created_ms, expires_ms, confirmed_ms)
            VALUES (?1, 1, printf('PAY-2026-%06d', ?1), printf('%064x', ?1), 'live', 'paid', 'bsc', 'usdt', printf('0x%040x', ?1),
            '5', '5', 15, 'USD', 500, '1', 'fixed', '', '', '', '{}', '5', '5', 1, 2, 3)""",
                        ((number,) for number in range(1, PAYMENTS + 1)))
        old.executemany("""INSERT INTO transfers VALUES (?1, 'bsc', printf('0x%064x', ?1), 0, 'usdt', printf('0x%040x', ?1), '5', 9, 'h', 1,
            ?1, 'counted', 0, 1)""", ((number,) for number in range(1, PAYMENTS + 1)))
    old.close()
    os.chmod(path, 0o600)
    return daemon


def migration(payd, base, chance):
    """The old database is killed while it is brought up to date, and brought up to date at last."""
    daemon = old_database(payd, base)
    old = f"{base}-old"
    shutil.copytree(base, old)
    begun = time.monotonic()
    wrong = [text for text in [starts(daemon)] if text]
    whole_s = time.monotonic() - begun
    kills = 0
    for _ in range(ROUNDS):
        shutil.rmtree(base)
        shutil.copytree(old, base)
        for _ in range(3):
            kills += killed(daemon, ["serve"], chance.random() * whole_s)
        wrong += [text for text in [starts(daemon)] if text]
        wrong += [f"left {name}" for name in leftovers(base)]
        with audit.copy_of(base) as database:
            wrong += audit.whole(database)
            sums = database.execute("SELECT count(*), sum(seen), sum(settled) FROM payments WHERE status = 'paid'").fetchone()
            if tuple(sums) != (PAYMENTS, 5 * PAYMENTS, 5 * PAYMENTS):
                wrong.append(f"payments and money are {tuple(sums)}")
        for name in os.listdir(base):
            if "before-schema" in name:
                wrong += copy_is_whole(os.path.join(base, name))
    return kills, wrong


def copy_is_whole(path):
    """What is wrong with a copy that was made before a migration."""
    name = os.path.basename(path)
    copy = sqlite3.connect(path)
    try:
        wrong = [f"{name}: {row[0]}" for row in copy.execute("PRAGMA integrity_check") if row[0] != "ok"]
        count = copy.execute("SELECT count(*) FROM payments").fetchone()[0]
    except sqlite3.Error as error:
        return [f"{name}: {error}"]
    finally:
        copy.close()
    return wrong + ([] if count == PAYMENTS else [f"{name} has {count} payments"])


def backup(payd, base, chance):
    """A backup is whole where its database is, and is made again where it was killed."""
    daemon, kills, wrong = common.Daemon(payd, base), 0, []
    daemon.start()
    try:
        for number in range(ROUNDS):
            target = f"{base}-copy-{number}"
            for _ in range(3):
                was_killed = killed(daemon, ["backup", target], chance.random() * 0.06)
                kills += was_killed
                path = os.path.join(target, "payd.sqlite")
                if os.path.exists(path):
                    with audit.copy_of(target) as database:
                        wrong += audit.whole(database)
                    wrong += [] if os.path.exists(os.path.join(target, "payd.key")) else ["a copy without its key"]
                    break
            else:
                made = daemon.command("backup", target)
                wrong += [] if made.returncode == 0 else [made.stderr]
            restored = common.Daemon(payd, target)
            wrong += [text for text in [starts(restored)] if text]
    finally:
        daemon.stop()
    return kills, wrong


def networks(payd, base, chance):
    """The file of networks is at any moment the one before or the one after."""
    daemon, kills, wrong = common.Daemon(payd, base), 0, []
    starts(daemon)
    path = os.path.join(base, "networks.toml")
    seen = set()
    for number in range(ROUNDS):
        for network in ("bsc", "ethereum"):
            kills += killed(daemon, ["network", "on", network, "--provider", f"http://127.0.0.1:9/{number}"],
                            chance.random() * 0.08)
            if not os.path.exists(path):
                continue
            with open(path, encoding="utf-8") as file:
                seen.add(file.read())
            checked = daemon.command("check")
            wrong += [] if checked.returncode == 0 else [checked.stderr]
    wrong += [] if len(seen) > 1 else ["nothing was ever written"]
    text = starts_alive(daemon)
    wrong += [text] if text else []
    wrong += [f"left {name}" for name in leftovers(base)]
    return kills, wrong


def starts_alive(daemon):
    """As [`starts`], where no node answers and it is never ready."""
    process = subprocess.Popen([daemon.payd, "--config", daemon.config, "--data-dir", daemon.data, "serve"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        line = process.stdout.readline()
        return None if "listens on" in line else f"it said {line!r}"
    finally:
        process.terminate()
        process.communicate()
