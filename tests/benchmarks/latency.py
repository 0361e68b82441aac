"""From a block to the shop: how long after payd was told of a block the shop holds the signed event that follows from it,
its signature checked. A real node (anvil) makes a block each second; payd reads it through two ways, each of which notes
when a reply or a push first told of a block. What is left out by this is the wait for confirmations and for the next poll.

`block_to_webhook_p50_ms` and `block_to_webhook_p99_ms` are those of the way that does worst, over `payment.confirming` and
`payment.confirmed` of all payments; `ways` has each of them, also from the block being there (`from_mined_*`), which the
poll interval is part of, and from the node having told all of it (`from_whole_*`): anvil takes 40 ms to answer with a block of
200 transactions, each time it is asked."""

import json
import os
import subprocess

from benchmarks import common

# What differs: how payd learns of blocks, and over how many blocks the payments are paid.
WAYS = {
    "poll, 10 blocks": ["--blocks", "10"],
    "poll, one block": ["--blocks", "1"],
    "push, 10 blocks": ["--blocks", "10", "--push", "--poll-ms", "1000"],
    "push, one block": ["--blocks", "1", "--push", "--poll-ms", "1000"],
}


def measured(load, payd, payments, arguments):
    with common.scratch() as directory:
        command = [load, "latency", os.path.join(directory, "payd"), "--payd", payd, "--payments", str(payments), *arguments]
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def run(options):
    payd, load = common.built(options)
    ways = {way: arguments for way, arguments in WAYS.items() if not options.quick or way in ("poll, one block", "push, 10 blocks")}
    found = {way: measured(load, payd, 200, arguments) for way, arguments in ways.items()}
    if any(way["paid"] != way["payments"] or way["repeated"] for way in found.values()):
        raise SystemExit(f"not every payment was told of exactly once: {found}")
    return {
        "block_to_webhook_p50_ms": max(way["all"]["from_told_p50_ms"] for way in found.values()),
        "block_to_webhook_p99_ms": max(way["all"]["from_told_p99_ms"] for way in found.values()),
        "ways": found,
    }


def told(report):
    head = ["200 payments", "event", "p50 ms", "p99 ms", "from whole p50 ms", "p99 ms", "from mined p50 ms", "p99 ms"]
    rows = []
    for way, found in report["ways"].items():
        for event in ("confirming", "confirmed"):
            of = found[event]
            names = [f"from_{since}_{of_all}_ms" for since in ("told", "whole", "mined") for of_all in ("p50", "p99")]
            rows.append([way, event, *(f"{of[name]:.1f}" for name in names)])
    return common.table(head, rows)
