"""10 000 deliveries that are due when payd starts, to 100 endpoints of which a tenth take connections and never answer.

`healthy_ratio` is the p99 delay of what the healthy endpoints get, from the first delivery of all, divided by the same in a
run in which nothing is due to the others: 1 is best, the goal is 2 at most. `per_second` are the deliveries to healthy
endpoints per second, while a tenth hangs."""

import json
import os
import statistics
import subprocess

from benchmarks import common

ENDPOINTS = 100
HANGING = 10


def measured(load, payd, deliveries, *arguments):
    with common.scratch() as directory:
        command = [load, "webhook", os.path.join(directory, "payd"), "--payd", payd, "--deliveries", str(deliveries),
                   "--endpoints", str(ENDPOINTS), "--hanging", str(HANGING), *arguments]
        found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    if found["forged"] or found["repeated"]:
        raise SystemExit(f"deliveries were repeated or not signed: {found}")
    return found


def run(options):
    payd, load = common.built(options)
    deliveries = 10_000
    rounds = 1 if options.quick else 3
    # In turns, so that what else the machine does hits both.
    runs = [(measured(load, payd, deliveries, "--without-hanging"), measured(load, payd, deliveries)) for _ in range(rounds)]
    ratios = [hanging["p99_ms"] / alone["p99_ms"] for alone, hanging in runs]
    alone, hanging = ({name: statistics.median(run[way][name] for run in runs) for name in runs[0][way]} for way in (0, 1))
    return {
        "healthy_ratio": round(statistics.median(ratios), 2),
        "per_second": hanging["per_second"],
        "per_second_without_hanging": alone["per_second"],
        "deliveries": deliveries,
        "endpoints": ENDPOINTS,
        "hanging": HANGING,
        "with_hanging": hanging,
        "without_hanging": alone,
    }


def told(report):
    head = [f"{report['deliveries']} due to {report['endpoints']} endpoints", "per second", "p50 ms", "p99 ms", "all ms"]
    rows = []
    for name, found in ((f"{report['hanging']} hang", report["with_hanging"]), ("none is sent to those", report["without_hanging"])):
        rows.append([name, f"{found['per_second']:.0f}", *(f"{found[of]:.0f}" for of in ("p50_ms", "p99_ms", "took_ms"))])
    return common.table(head, rows) + f"\nhealthy ones wait {report['healthy_ratio']} times as long as without"
