"""Whether the time of a refusal tells anything of a secret: two kinds of wrong calls in random order over one connection, and
how far apart their times are, as dudect has it (Reparaz, Balasch, Verbauwhede: "Dude, is my code constant time?").

t is Welch's, over the fastest nine tenths of each kind: what a busy machine adds says nothing. Beyond 4.5 there is a
difference to be looked into; what it is worth say the medians. Nothing is asserted.
"""

import hashlib
import hmac
import http.client
import json
import math
import random
import statistics
import time
import urllib.parse

from benchmarks import common

PASSWORD = "correct horse battery"


def configuration(ports):
    return common.configuration(ports) + "[limits]\nenabled = false\n"


def mac(secret, text):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def another(digit):
    return "0" if digit != "0" else "1"


def wrong_first(text):
    return another(text[0]) + text[1:]


def wrong_last(text):
    return text[:-1] + another(text[-1])


def soko(key, secret, spoil):
    path = "/api/v1/merchant/balance"
    now = str(int(time.time()))
    return "GET", path, {"x-api-key": key, "x-timestamp": now, "x-signature": spoil(mac(secret, f"{now}GET{path}"))}, None


def crypto_pay(key, secret, spoil):
    path = "/api/payment-status.php?payment_id=1"
    return "GET", path, {"x-api-key": key, "x-signature": spoil(mac(secret, ""))}, None


def bearer(key, secret):
    return "GET", "/api/v1/balances", {"authorization": f"Bearer {key}:{secret}"}, None


def payhook(key):
    return "GET", "/api/v1/payments/PAY-2026-000001/", {"x-api-key": key}, None


def sign_in(name):
    fields = urllib.parse.urlencode({"name": name, "password": "not the right one"})
    return "POST", "/sign-in", {"content-type": "application/x-www-form-urlencoded"}, fields


def took_us(connection, call):
    method, path, headers, body = call
    begun = time.perf_counter_ns()
    connection.request(method, path, body=body, headers=headers)
    reply = connection.getresponse()
    reply.read()
    took = (time.perf_counter_ns() - begun) / 1000
    if reply.status < 400 or reply.status >= 500:
        raise RuntimeError(f"{path}: {reply.status}, where a refusal was to be timed")
    return took


def compared(port, kinds, rounds):
    """The times of two kinds of calls, in microseconds, and Welch's t."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times, chance = ([], []), random.Random(6)
    for _ in range(min(50, rounds)):
        for kind in kinds:
            took_us(connection, kind())
    for _ in range(2 * rounds):
        which = chance.randrange(2)
        times[which].append(took_us(connection, kinds[which]()))
    kept = [sorted(some)[: max(2, len(some) * 9 // 10)] for some in times]
    means, variances = [statistics.fmean(some) for some in kept], [statistics.variance(some) for some in kept]
    spread = math.sqrt(sum(variance / len(some) for variance, some in zip(variances, kept)))
    return {
        "medians_us": [round(statistics.median(some), 1) for some in times],
        "t": round((means[0] - means[1]) / spread, 2) if spread else 0.0,
        "calls": sum(len(some) for some in times),
    }


def keys(daemon):
    made = {}
    for api in ["payhook", "soko", "crypto-pay", "cryptopayment"]:
        daemon.command("store", "add", api, "--dialect", api, "--website", f"https://{api}.example", check=True)
        key = json.loads(daemon.command("key", "add", "--store", api, "--mode", "test", "--json", check=True).stdout)
        made[api] = key["api_key"], key["api_secret"]
    daemon.command("user", "add", "ann", "--role", "owner", "--password-stdin", input=PASSWORD + "\n", check=True)
    return made


def pairs(made):
    """What is compared: a name for each, and the two calls."""
    of_soko, of_crypto_pay, of_bearer = made["soko"], made["crypto-pay"], made["cryptopayment"]
    nobody = "pk_" + "0" * 64
    return [
        ("soko: signature wrong at its first | last digit", lambda: soko(*of_soko, wrong_first), lambda: soko(*of_soko, wrong_last)),
        ("crypto-pay: signature wrong at its first | last digit", lambda: crypto_pay(*of_crypto_pay, wrong_first), lambda: crypto_pay(*of_crypto_pay, wrong_last)),
        ("cryptopayment: secret wrong at its first | last digit", lambda: bearer(of_bearer[0], "x" + of_bearer[1][1:]), lambda: bearer(of_bearer[0], wrong_last(of_bearer[1]))),
        ("payhook: a key of nobody | all but the last digit of one", lambda: payhook(nobody), lambda: payhook(wrong_last(made["payhook"][0]))),
        ("soko: a key of nobody | a wrong signature", lambda: soko(nobody, of_soko[1], wrong_first), lambda: soko(*of_soko, wrong_first)),
    ]


def run(options):
    payd, _ = common.built(options)
    rounds, sign_ins = (1000, 40) if options.quick else (20000, 400)
    report = {}
    with common.scratch() as data, common.running(payd, data, configuration) as daemon:
        for name, one, other in pairs(keys(daemon)):
            report[name] = compared(daemon.ports[0], (one, other), rounds)
        name = "sign-in: a name of nobody | a wrong password"
        report[name] = compared(daemon.ports[2], (lambda: sign_in("nobody"), lambda: sign_in("ann")), sign_ins)
    return report


def told(report):
    rows = [[name, *result["medians_us"], result["t"], result["calls"]] for name, result in report.items()]
    return common.table(["a refusal, where", "median us", "median us", "t", "calls"], rows)
