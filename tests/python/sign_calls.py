"""Signs the calls that schemathesis makes, by the rule of one API's page: over the bytes that are sent, after all else
about them is settled. Where the rule asks for it, each call is signed for its own second, since a signature is taken once.

    API=soko KEY=.. SECRET=.. SCHEMATHESIS_HOOKS=tests/python/sign_calls.py schemathesis run ..
"""

import hashlib
import hmac
import itertools
import os
import time
from urllib.parse import urlsplit

import requests.auth
import schemathesis

API, KEY, SECRET = os.environ["API"], os.environ["KEY"], os.environ["SECRET"]

# Calls alike to the byte within one second would carry one signature, which the second of them would be refused for.
SECONDS_OFF = itertools.cycle(range(-200, 200))


def mac(signed):
    return hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()


def payhook(request, body):
    return {"X-API-Key": KEY}


def soko(request, body):
    now = str(int(time.time()) + next(SECONDS_OFF))
    path = urlsplit(request.url).path
    return {
        "X-Api-Key": KEY,
        "X-Timestamp": now,
        "X-Signature": mac(now.encode() + request.method.encode() + path.encode() + body),
    }


def crypto_pay(request, body):
    return {"X-API-Key": KEY, "X-Signature": mac(body)}


def cryptopayment(request, body):
    return {"Authorization": f"Bearer {KEY}:{SECRET}"}


RULES = {
    "payhook": payhook,
    "soko": soko,
    "crypto-pay": crypto_pay,
    "usdt-payments": crypto_pay,
    "cryptopayment": cryptopayment,
}


class Signed(requests.auth.AuthBase):
    def __call__(self, request):
        body = request.body or b""
        request.headers.update(RULES[API](request, body.encode() if isinstance(body, str) else body))
        return request


schemathesis.auth.set_from_requests(Signed())



def is_left_out(value):
    """What the descriptions say in words only: `""` means that a field was not given, and PHP writes an empty map as a
    list. In a query an empty map is `""`, too."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return all(part in ("", [], {}) for part in parts)


@schemathesis.hook
def filter_body(context, body):
    return not (isinstance(body, dict) and any(is_left_out(value) for value in body.values()))


@schemathesis.hook
def filter_query(context, query):
    return not (query and any(is_left_out(value) for value in query.values()))


@schemathesis.hook
def before_call(context, case, kwargs):
    """Puts a key that is known in the place of the page's example, where a call carries its key in the body."""
    if isinstance(case.body, dict) and case.body.get("api_key") == "pk_public":
        case.body["api_key"] = KEY
