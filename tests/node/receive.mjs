// A shop's backend for the walkthrough in the README: takes webhooks, checks their PayHook signature, prints them.
//
//   node tests/node/receive.mjs --port 9000 --secret SECRET [--count N]
//
// With --count it ends after that many genuine webhooks.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "9000" }, secret: { type: "string" }, count: { type: "string", default: "0" } },
});
if (!values.secret) {
  console.error("--secret is missing: it is what `payd webhook add` printed");
  process.exit(2);
}

const TOLERANCE_S = 300;
const BODY_BYTES_MAX = 64 * 1024;

/** Whether the header signs exactly these bytes, not long ago. */
function isGenuine(header, body) {
  const [, time, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header ?? "") ?? [];
  if (!time || Math.abs(Date.now() / 1000 - Number(time)) > TOLERANCE_S) return false;
  const expected = createHmac("sha256", values.secret).update(`${time}.`).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature, "hex"));
}

let left = Number(values.count);
const server = createServer(async (request, response) => {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > BODY_BYTES_MAX) return response.writeHead(413).end();
    parts.push(part);
  }
  const body = Buffer.concat(parts);
  if (!isGenuine(request.headers["x-payhook-signature"], body)) {
    console.log("refused: the signature does not hold");
    return response.writeHead(401).end();
  }
  response.writeHead(204).end();
  const { event, payment_id, amount, currency, chain, tx_hash } = JSON.parse(body);
  console.log(`genuine: ${event} ${payment_id} ${amount} ${currency} on ${chain}, transaction ${tx_hash || "none"}`);
  left -= 1;
  if (left === 0) server.close(() => process.exit(0));
});
server.listen(Number(values.port), "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}/`));
