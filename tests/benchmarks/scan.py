"""What reading blocks costs beside parsing their bytes, at 10 to 100 000 watched addresses, and on into the database."""

import json
import subprocess

from benchmarks import common

ADDRESSES = ["10", "1000", "100000"]


def built():
    """The program that reads; apart from the one that loads payd, because it counts every allocation."""
    command = ["cargo", "build", "--locked", "--message-format=json", "--bench", "scan", "--profile", "bench"]
    output = subprocess.run(command, cwd=common.ROOT, check=True, stdout=subprocess.PIPE).stdout
    for line in output.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == "scan":
            return message["executable"]
    raise SystemExit("the program that reads was not built")


def run(options):
    program = built()
    with common.scratch() as scratch:
        arguments = ["--scratch", scratch, "--addresses", ",".join(ADDRESSES)]
        if options.quick:
            arguments += ["--each-ms", "250", "--store-addresses", ADDRESSES[-1]]
        else:
            arguments += ["--each-ms", "3000", "--store-addresses", ",".join(ADDRESSES)]
        output = subprocess.run([program, *arguments], check=True, stdout=subprocess.PIPE, cwd=common.ROOT).stdout
    report = json.loads(output)
    return {"calls_flat": all(family["calls_flat"] for family in report.values()), **report}


def told(report):
    families = {name: family for name, family in report.items() if name != "calls_flat"}
    head = ["", "addresses", "blocks/s", "us", "parsing us", "+ proof us", "ratio", "with proof", "KB allocated", "calls",
            "into store/s"]
    rows = []
    for name, family in families.items():
        for count in ADDRESSES:
            of = lambda what: family.get(what, {}).get(count, "")
            rows.append([
                name if count == ADDRESSES[0] else "", count, of("blocks_per_second"), of("us_per_block"),
                of("parsing_us_per_block"), of("proving_us_per_block"), of("ratio_to_parsing"),
                of("ratio_to_parsing_and_proof"), round(of("bytes_allocated") / 1000), of("calls_per_block"),
                of("into_store_blocks_per_second"),
            ])
    flat = [name for name, family in families.items() if not family["flat"]]
    lines = [common.table(head, rows), f"calls per block are the same at any number of addresses: {report['calls_flat']}"]
    if flat:
        lines.append(f"the time of a block grows with the addresses by more than a quarter: {', '.join(flat)}")
    return "\n".join(lines)
