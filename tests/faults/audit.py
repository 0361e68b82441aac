"""Looks into the database as an auditor would: by SQL, with none of payd's code, on a copy of the files as they lie there."""

import collections
import contextlib
import os
import shutil
import sqlite3
import tempfile

from .shop import units

LIVE = "('selecting', 'queued', 'pending', 'confirming')"
# The events that a status cannot be without; each is told once.
TOLD = {"paid": "payment.confirmed", "cancelled": "payment.cancelled"}


@contextlib.contextmanager
def copy_of(data):
    """The database with its log as a crash left them; the files themselves stay untouched."""
    with tempfile.TemporaryDirectory(dir=os.path.dirname(data)) as directory:
        for name in ("payd.sqlite", "payd.sqlite-wal"):
            if os.path.exists(os.path.join(data, name)):
                shutil.copy(os.path.join(data, name), directory)
        database = sqlite3.connect(os.path.join(directory, "payd.sqlite"))
        database.row_factory = sqlite3.Row
        try:
            yield database
        finally:
            database.close()


def whole(database):
    """What SQLite finds wrong."""
    wrong = [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
    wrong += [f"dangling: {tuple(row)}" for row in database.execute("PRAGMA foreign_key_check")]
    return wrong


def promises(database, answered, cancelled):
    """What the shops were promised and is not so."""
    rows = {row["number"]: row for row in database.execute("SELECT * FROM payments")}
    orders = collections.Counter(row["external_id"] for row in rows.values())
    wrong = [f"order {order} has {count} payments" for order, count in orders.items() if count > 1]
    for order, (_, made) in answered.items():
        row = rows.get(made["payment_number"])
        if row is None:
            wrong.append(f"{made['payment_number']} was answered and is gone")
            continue
        stored = (row["token"], row["address"], int(row["quoted"]), row["external_id"], row["usd_cents"])
        said = (made["payment_token"], made["assigned_address"], units(made["expected_crypto_amount"]), order,
                made["amount_usd_cents"])
        if stored[1].lower() != said[1].lower() or stored[:1] + stored[2:] != said[:1] + said[2:]:
            wrong.append(f"{made['payment_number']} was answered as {said} and is {stored}")
    wrong += [f"{number} was cancelled and is {rows[number]['status']}" for number in cancelled
              if number in rows and rows[number]["status"] in ("pending", "selecting", "queued")]
    shared = database.execute(f"""SELECT network, address, count(*) FROM payments WHERE status IN {LIVE} AND way <> 'shared'
        GROUP BY network, lower(address) HAVING count(*) > 1""")
    wrong += [f"two live payments share {tuple(row)}" for row in shared]
    account = database.execute("SELECT address, count(*) FROM payments WHERE way = 'xpub' GROUP BY lower(address) HAVING count(*) > 1")
    wrong += [f"a child was given out twice: {tuple(row)}" for row in account]
    return wrong


def events(database):
    """Payments that were told of twice or not at all."""
    wrong = []
    twice = database.execute("SELECT payment_id, kind, count(*) FROM events GROUP BY payment_id, kind HAVING count(*) > 1")
    # Money may come late more than once.
    wrong += [f"an event was recorded twice: {tuple(row)}" for row in twice if row[1] != "payment.late"]
    missing = database.execute("""SELECT number FROM payments WHERE NOT EXISTS
        (SELECT 1 FROM events WHERE payment_id = payments.id AND kind = 'payment.created')""")
    wrong += [f"{row[0]} has no payment.created" for row in missing]
    for status, kind in TOLD.items():
        odd = database.execute("""SELECT number FROM payments WHERE (status = ?1) <>
            EXISTS (SELECT 1 FROM events WHERE payment_id = payments.id AND kind = ?2)""", (status, kind))
        wrong += [f"{row[0]}: being {status} and {kind} do not go together" for row in odd]
    odd = database.execute("""SELECT events.id, count(deliveries.id) FROM events LEFT JOIN deliveries ON event_id = events.id
        GROUP BY events.id HAVING count(deliveries.id) <> 1""")
    wrong += [f"event {row[0]} has {row[1]} deliveries to its one endpoint" for row in odd]
    return wrong


def money(database, sent, is_settled):
    """Money on the chain that is not in the database, or not once, or not as it was sent. While payd is behind, only what it
    has is held against the chain."""
    wrong = []
    known = {row[0].lower() for row in database.execute("SELECT address FROM payments UNION SELECT address FROM addresses")}
    truth = collections.Counter((txid, address, amount) for txid, address, amount in sent if address in known)
    rows = database.execute("SELECT txid, address, amount, currency FROM transfers WHERE orphaned = 0").fetchall()
    recorded = collections.Counter((row["txid"], row["address"].lower(), int(row["amount"])) for row in rows)
    wrong += [f"recorded {count} times, sent {truth[transfer]} times: {transfer}" for transfer, count in recorded.items()
              if count > truth[transfer]]
    if is_settled:
        wrong += [f"sent and not recorded: {transfer}" for transfer in (truth - recorded)]
        if sum(int(row["amount"]) for row in rows) != sum(amount for _, _, amount in truth.elements()):
            wrong.append("the sums differ")
    # A payment is worth what counts for it, no more and no less.
    counted = collections.Counter()
    for row in database.execute("SELECT payment_id, amount FROM transfers WHERE judgement = 'counted' AND orphaned = 0"):
        counted[row[0]] += int(row[1])
    for row in database.execute("SELECT * FROM payments WHERE network IS NOT NULL"):
        seen, settled = int(row["seen"]), int(row["settled"])
        # What a block brought is added up right after it.
        if not row["settle_due"] and seen != counted[row["id"]]:
            wrong.append(f"{row['number']} has seen {seen}, its transfers are {counted[row['id']]}")
        if row["status"] == "paid" and settled < int(row["required"]):
            wrong.append(f"{row['number']} is paid with {settled} of {row['required']}")
        if is_settled and seen >= int(row["required"]) and row["status"] not in ("paid", "cancelled"):
            wrong.append(f"{row['number']} has {seen} of {row['required']} and is {row['status']}")
    return wrong


def deliveries(database, receiver, is_drained):
    """Webhooks of what is not so, and events that nobody was told of."""
    wrong = []
    stored = {str(row["id"]): (row["kind"], row["number"], row["state"]) for row in database.execute(
        """SELECT deliveries.id, kind, number, state FROM deliveries JOIN events ON events.id = event_id
           JOIN payments ON payments.id = payment_id""")}
    with receiver.lock:
        told, taken = dict(receiver.told), dict(receiver.taken)
    contents = {}
    for delivery, (kind, number, body) in told.items():
        row = stored.get(delivery)
        # PayHook has no underpaid: its payment expires.
        if row is None or row[:2] not in ((kind, number), ("payment.underpaid", number)):
            wrong.append(f"delivery {delivery} told of {kind} of {number}, and is {row}")
        if kind != "payment.late" and contents.setdefault((kind, number), (delivery, body))[1] != body:
            wrong.append(f"{kind} of {number} was told with two contents")
    for delivery, (kind, number, state) in stored.items():
        if state == "delivered" and delivery not in taken:
            wrong.append(f"delivery {delivery} ({kind} of {number}) is noted as delivered and was not taken")
        if is_drained and state != "delivered":
            wrong.append(f"delivery {delivery} ({kind} of {number}) is {state}")
    return wrong
