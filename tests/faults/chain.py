"""A real chain of the test's own: anvil with a token, a block every second, and what its logs say was sent."""

import http.client
import json
import os
import re
import subprocess
import time

from benchmarks import common

NODE = os.path.join(common.ROOT, "tests", "node")
TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
DECIMALS = 6


class Chain:
    """Chain 1 as payd reads it: whole blocks with their receipts."""

    def __init__(self, directory):
        program = os.path.join(NODE, "node_modules", "@foundry-rs", "anvil-linux-amd64", "bin", "anvil")
        with open(os.path.join(NODE, "artifacts", "TestToken.json"), encoding="utf-8") as file:
            code = json.load(file)["bytecode"]
        self.log = os.path.join(directory, "anvil.log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([program, "--port", "0", "--chain-id", "1", "--slots-in-an-epoch", "1"], stdout=log,
                                            stderr=subprocess.STDOUT)
        self.port = self.listening()
        self.account = self.call("eth_accounts")[0]
        # The constructor's arguments: ("USDT", 6).
        arguments = f"{64:064x}{DECIMALS:064x}{4:064x}{b'USDT'.hex().ljust(64, '0')}"
        deployed = self.send(code + arguments)
        self.token = self.receipt(deployed)["contractAddress"]
        self.receipt(self.send("0x40c10f19" + word(self.account) + f"{10**18:064x}", self.token))
        self.call("evm_setAutomine", False)
        self.call("evm_setIntervalMining", 1)

    def listening(self):
        for _ in range(600):
            with open(self.log, encoding="utf-8") as file:
                found = re.search(r"Listening on 127\.0\.0\.1:(\d+)", file.read())
            if found:
                return int(found.group(1))
            time.sleep(0.05)
        raise RuntimeError("anvil does not listen")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def call(self, method, *params):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", "/", body, {"content-type": "application/json"})
        reply = json.loads(connection.getresponse().read())
        connection.close()
        if "error" in reply:
            raise RuntimeError(f"{method}: {reply['error']}")
        return reply["result"]

    def send(self, data, to=None):
        transaction = {"from": self.account, "data": data, "gas": "0x4c4b40"}
        if to:
            transaction["to"] = to
            transaction["gas"] = "0x186a0"
        return self.call("eth_sendTransaction", transaction)

    def receipt(self, txid):
        """The receipt of a transaction, once it is mined."""
        for _ in range(600):
            receipt = self.call("eth_getTransactionReceipt", txid)
            if receipt:
                return receipt
            time.sleep(0.05)
        raise RuntimeError(f"{txid} is not mined")

    def pay(self, address, units):
        """Sends tokens; they are mined within a second."""
        return self.send("0xa9059cbb" + word(address) + f"{units:064x}", self.token)

    def height(self):
        return int(self.call("eth_blockNumber"), 16)

    def transfers(self):
        """All that was ever sent: (txid, lower-case address, units)."""
        logs = self.call("eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest", "address": self.token, "topics": [TRANSFER]})
        return [(log["transactionHash"], "0x" + log["topics"][2][26:], int(log["data"], 16)) for log in logs]

    def stop(self):
        self.process.terminate()
        self.process.wait()


def word(address):
    return address.removeprefix("0x").lower().rjust(64, "0")
