"""What all measurements share: the programs that are measured, a payd that runs, and the machine."""

import contextlib
import datetime
import http.client
import json
import os
import platform
import re
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def built(options, names=("payd", "load")):
    """The daemon, as it is shipped unless --profile says otherwise, and the program that loads it."""
    # In this order: both profiles put their payd in the same place, and a bench brings one along.
    wanted = {"load": ["--bench", "load", "--profile", "bench"], "payd": ["--bin", "payd", "--profile", options.profile]}
    found = {}
    for name, arguments in wanted.items():
        if name not in names:
            continue
        command = ["cargo", "build", "--locked", "--message-format=json", *arguments]
        output = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
        for line in output.splitlines():
            message = json.loads(line)
            if message.get("executable") and message["target"]["name"] == name:
                found[name] = message["executable"]
    return tuple(found[name] for name in names)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def configuration(ports):
    """Networks without nodes, and no rates: nothing is asked of anybody."""
    text = [
        f'[server]\nlisten = "127.0.0.1:{ports[0]}"',
        f'[metrics]\nlisten = "127.0.0.1:{ports[1]}"',
        f'[dashboard]\nlisten = "127.0.0.1:{ports[2]}"',
        '[log]\nlevel = "error"',
        "[rates]\nenabled = false",
    ]
    return "\n".join(text) + "\n"


def asked_again(process, what, is_so):
    """Asks until it is so; ends where the process does before."""
    for _ in range(24000):
        try:
            if is_so():
                return
        except OSError:
            if process.poll() is not None:
                sys.exit(f"{what} did not start")
        time.sleep(0.005)
    sys.exit(f"{what} does not answer")


def wait_until_ready(daemon, port):
    def is_ready():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200

    asked_again(daemon, "payd", is_ready)


def wait_until_open(server, port):
    """Until something listens on the port."""
    def is_open():
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return True

    asked_again(server, "the server", is_open)


def machine():
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = re.search(r"model name\s*: (.*)", file.read()).group(1)
    except (OSError, AttributeError):
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return f"{os.cpu_count()} x {model}, {memory} GiB, {platform.system()} {platform.release()}"


def now():
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")


class Daemon:
    """A payd over `data`, with ports of its own: `ports` are those of the shops, the metrics and the dashboard."""

    def __init__(self, payd, data, config=None):
        self.payd, self.data = payd, data
        self.ports = [free_port() for _ in range(3)]
        os.makedirs(data, mode=0o700, exist_ok=True)
        self.config = os.path.join(data, "bench.toml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(configuration(self.ports) if config is None else config(self.ports))
        self.process = None

    def command(self, *arguments, **rest):
        """A command of payd over the same data, finished."""
        shared = [self.payd, "--config", self.config, "--data-dir", self.data]
        return subprocess.run([*shared, *arguments], text=True, capture_output=True, **rest)

    def start(self, ready=wait_until_ready, **rest):
        """Starts it, and gives the seconds until it was ready."""
        begun = time.perf_counter()
        self.process = subprocess.Popen([self.payd, "--config", self.config, "--data-dir", self.data, "serve"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **rest)
        ready(self.process, self.ports[0])
        return time.perf_counter() - begun

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None


@contextlib.contextmanager
def running(payd, data, config=None):
    """A daemon that runs for as long as the block does."""
    daemon = Daemon(payd, data, config)
    try:
        daemon.start()
        yield daemon
    finally:
        daemon.stop()


@contextlib.contextmanager
def scratch():
    """A directory that goes away with the block, on the file system of the checkout rather than in memory."""
    parent = os.path.join(ROOT, "target", "tmp")
    os.makedirs(parent, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as directory:
        yield directory


def table(head, rows):
    """Text columns, numbers to the right."""
    text = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[column]) for row in text) for column in range(len(head))]
    lines = []
    for row in text:
        first, *others = [(cell, width) for cell, width in zip(row, widths)]
        lines.append("  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip())
    return "\n".join(lines)
