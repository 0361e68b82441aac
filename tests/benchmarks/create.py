"""How many payments a second payd creates over HTTP, each durable before it is answered, beside the bare limits of the same
machine in the same run: the same signed request with nothing behind it, a row in a group commit with nothing before it, and
both together and nothing else.

The server has half of the cores to itself, the clients have the other half."""

import json
import os
import re
import shutil
import statistics
import subprocess

from . import common

CONNECTIONS = [1, 16, 64, 256]
MAIN = 64
# A quick run creates fewer than this many between two copies of the store.
ADDRESSES = 200_000
# Account 0 of BIP 44's path for Ethereum, of the seed of BIP 39's first test vector.
ACCOUNT = "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5"
SHARED = "0x742d35cc6634c0532925a3b844bc9e7595f7e5a3"


def cores():
    """Those of the server and those of the clients; all for both where there is one only."""
    every = sorted(os.sched_getaffinity(0))
    half = len(every) // 2
    return (every[:half], every[half:]) if half else (every, every)


def configuration(ports):
    """A network that was read and whose node is gone, and a rate: nothing is asked of anybody. Logs as by default."""
    text = [
        f'[server]\nlisten = "127.0.0.1:{ports[0]}"',
        f'[metrics]\nlisten = "127.0.0.1:{ports[1]}"',
        f'[dashboard]\nlisten = "127.0.0.1:{ports[2]}"',
        '[rates]\nenabled = false\n[rates.fixed.usd]\nUSDT = "1"',
        '[[networks.bsc.providers]]\nurl = "http://127.0.0.1:9"',
    ]
    return "\n".join(text) + "\n"


class Bench:
    """The programs, the cores, and a directory for what is measured over."""

    def __init__(self, options, scratch):
        self.payd, self.load = common.built(options)
        self.scratch = scratch
        self.server, self.clients = cores()
        self.seconds = 1.0 if options.quick else 4.0
        self.data = os.path.join(scratch, "store")
        os.makedirs(self.data, mode=0o700)
        made = self.loaded(["create-store", self.data, "--addresses", str(ADDRESSES)], self.clients)
        self.key, self.secret = made["key"], made["secret"]

    def loaded(self, arguments, on):
        """What a command of the load program prints."""
        done = subprocess.run([self.load, *arguments], check=True, stdout=subprocess.PIPE, text=True,
                              preexec_fn=lambda: os.sched_setaffinity(0, on))
        return json.loads(done.stdout) if done.stdout else None

    def fresh(self, name):
        path = os.path.join(self.scratch, name)
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path, mode=0o700)
        return path

    def clients_of(self, port, dialect, connections):
        return self.loaded(["create", "--port", str(port), "--dialect", dialect, "--connections", str(connections),
                            "--seconds", str(self.seconds), "--key", self.key, "--secret", self.secret], self.clients)

    def created(self, dialect, connections, way="pool"):
        """Payments created by payd."""
        data = os.path.join(self.fresh("payd"), "data")
        shutil.copytree(self.data, data)
        os.chmod(data, 0o700)
        daemon = common.Daemon(self.payd, data, configuration)
        if way != "pool":
            account = ACCOUNT if way == "xpub" else SHARED
            daemon.command("wallet", "set", "bench", "bsc", way, account, check=True)
        try:
            # Without a node it takes requests, and does not call itself ready.
            daemon.start(common.wait_until_open, preexec_fn=lambda: os.sched_setaffinity(0, self.server))
            figures = self.clients_of(daemon.ports[0], dialect, connections)
            figures["rss_mib"] = round(peak_kib(daemon.process.pid) / 1024, 1)
        finally:
            daemon.stop()
        return figures

    def bare(self, what, connections):
        """The same requests to a server that does less."""
        port = common.free_port()
        command = [self.load, "bare", "serve", "--port", str(port), "--secret", self.secret]
        if what == "bare_path":
            command += ["--database", os.path.join(self.fresh("bare"), "bare.sqlite")]
        server = subprocess.Popen(command, preexec_fn=lambda: os.sched_setaffinity(0, self.server))
        try:
            common.wait_until_open(server, port)
            return self.clients_of(port, "soko", connections)
        finally:
            server.terminate()
            server.wait()

    def rows(self, writers, group=None):
        """Rows in group commits, without HTTP."""
        database = os.path.join(self.fresh("rows"), "rows.sqlite")
        more = [] if group is None else ["--group", str(group)]
        return self.loaded(["bare", "rows", database, "--writers", str(writers), "--seconds", str(self.seconds), *more],
                           self.server)


def peak_kib(process):
    with open(f"/proc/{process}/status", encoding="utf-8") as file:
        return int(re.search(r"VmHWM:\s*(\d+)", file.read()).group(1))


def median(runs):
    """The middle of each figure, and what went wrong in all of them."""
    middle = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    if "refused" in middle:
        middle["refused"] = sum(run["refused"] for run in runs)
    return middle


def run(options):
    with common.scratch() as scratch:
        bench = Bench(options, scratch)
        return measured(bench, 3)


def measured(bench, rounds):
    kinds = {
        "bare_http": lambda connections: bench.bare("bare_http", connections),
        "bare_sqlite": bench.rows,
        "bare_path": lambda connections: bench.bare("bare_path", connections),
        "soko": lambda connections: bench.created("soko", connections),
        "payhook": lambda connections: bench.created("payhook", connections),
    }
    table = {}
    for connections in CONNECTIONS:
        # In turns, so that a machine that slows down slows all of them; more often where it counts.
        runs = {kind: [] for kind in kinds}
        for _ in range(rounds if connections == MAIN else 1):
            for kind, of in kinds.items():
                runs[kind].append(of(connections))
        table[connections] = {kind: median(of) for kind, of in runs.items()}
    main = table[MAIN]
    return {
        "server_cores": len(bench.server),
        "client_cores": len(bench.clients),
        "addresses": ADDRESSES,
        "seconds": bench.seconds,
        "rounds_at_64": rounds,
        "per_second": main["soko"]["per_second"],
        "p99_ms": main["soko"]["p99_ms"],
        "bare_http_per_second": main["bare_http"]["per_second"],
        "bare_sqlite_per_second": main["bare_sqlite"]["per_second"],
        "bare_path_per_second": main["bare_path"]["per_second"],
        "ratio": round(main["soko"]["per_second"] / main["bare_path"]["per_second"], 3),
        "one_commit_each_per_second": bench.rows(MAIN, group=1)["per_second"],
        "by_connections": table,
        "by_way": {"pool": main["soko"], **{way: bench.created("soko", MAIN, way) for way in ("xpub", "shared")}},
    }


NAMES = {
    "bare_http": "(a) HTTP, JSON, HMAC",
    "bare_sqlite": "(b) a row, group commit",
    "bare_path": "(c) both",
    "soko": "create, signed (soko)",
    "payhook": "create (PayHook)",
}


def told(report):
    rows = []
    for kind, name in NAMES.items():
        for connections, of in report["by_connections"].items():
            figures = of[kind]
            share = figures["per_second"] / of["bare_path"]["per_second"]
            rows.append([name, connections, f"{figures['per_second']:,.0f}", figures["p50_ms"], figures["p99_ms"],
                         f"{share:.0%}", figures.get("refused", "")])
    head = ["", "connections", "per second", "p50 ms", "p99 ms", "of (c)", "refused"]
    ways = [[way, f"{of['per_second']:,.0f}", of["p50_ms"], of["p99_ms"], of["rss_mib"], of["refused"]]
            for way, of in report["by_way"].items()]
    return "\n".join([
        f"{report['server_cores']} cores serve, {report['client_cores']} ask; {report['addresses']:,} addresses; durable commits "
        f"(synchronous=FULL); {report['seconds']} s each, the median of {report['rounds_at_64']} at {MAIN}",
        common.table(head, rows),
        f"one commit for each row: {report['one_commit_each_per_second']:,.0f} per second",
        "",
        f"soko at {MAIN} connections, by the way in which the store receives",
        common.table(["", "per second", "p50 ms", "p99 ms", "peak RSS MiB", "refused"], ways),
    ])
