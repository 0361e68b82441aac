"""What payd takes of a machine: the binary's size, the time from its start until it is ready, memory and open files at rest and
while 64 clients create payments as fast as they can. All networks of test payments are on, as they are on a fresh payd."""

import os
import re
import shutil
import statistics
import time

from . import common, create

# Until what is done once after the start is done.
REST_SECONDS = 3


def of_process(process, name):
    with open(f"/proc/{process}/status", encoding="utf-8") as file:
        return int(re.search(rf"{name}:\s*(\d+)", file.read()).group(1))


def open_files(process):
    return len(os.listdir(f"/proc/{process}/fd"))


def run(options):
    payd, _ = common.built(options)
    with common.scratch() as scratch:
        data = os.path.join(scratch, "fresh")
        ready = []
        for _ in range(3 if options.quick else 9):
            shutil.rmtree(data, ignore_errors=True)
            daemon = common.Daemon(payd, data)
            ready.append(daemon.start())
            daemon.stop()
        # At rest over what the last of them made.
        daemon.start()
        time.sleep(REST_SECONDS)
        process = daemon.process.pid
        idle = {
            "rss_idle_mib": round(of_process(process, "VmRSS") / 1024, 1),
            "rss_idle_anonymous_mib": round(of_process(process, "RssAnon") / 1024, 1),
            "threads_idle": of_process(process, "Threads"),
            "file_descriptors_idle": open_files(process),
        }
        daemon.stop()
        loaded = create.Bench(options, os.path.join(scratch, "load"))
        figures = loaded.created("soko", create.MAIN)
        return {
            "binary_bytes": os.path.getsize(payd),
            "binary_mib": round(os.path.getsize(payd) / 2**20, 2),
            "ready_ms": round(statistics.median(ready) * 1000, 1),
            "ready_worst_ms": round(max(ready) * 1000, 1),
            **idle,
            "rss_loaded_mib": figures["rss_mib"],
        }


def told(report):
    rows = [
        ["binary", f"{report['binary_mib']} MiB"],
        ["start to ready", f"{report['ready_ms']} ms (worst {report['ready_worst_ms']} ms)"],
        ["memory at rest", f"{report['rss_idle_mib']} MiB ({report['rss_idle_anonymous_mib']} MiB of it anonymous)"],
        ["memory while payments are created", f"{report['rss_loaded_mib']} MiB"],
        ["threads at rest", report["threads_idle"]],
        ["open files at rest", report["file_descriptors_idle"]],
    ]
    return common.table(["", ""], rows)
