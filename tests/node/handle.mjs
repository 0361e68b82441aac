// A shop's webhook handler for the tests: checks each request by the rule of one gateway's page, answers 200 or 401,
// and writes it down with that status, one line of JSON each.
//
//   DIALECT=soko SECRET=.. PORT=.. RECORD=FILE node tests/node/handle.mjs
import { createHmac, timingSafeEqual } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const { DIALECT, SECRET, PORT, RECORD } = process.env;
const TOLERANCE_S = 300;
const BODY_BYTES_MAX = 64 * 1024;

/** Whether `signature` is the hex HMAC-SHA256 of these parts. */
function isSigned(key, parts, signature) {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  const expected = Buffer.from(mac.digest("hex"));
  const given = Buffer.from(String(signature ?? ""));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function isOfNow(time) {
  return /^\d+$/.test(time ?? "") && Math.abs(Date.now() / 1000 - Number(time)) <= TOLERANCE_S;
}

/** The verifier of PayHook's page, as it is printed. */
function payhook() {
  const page = readFileSync(new URL("../fixtures/payhook/verify.js", import.meta.url), "utf8");
  const verify = new Function("require", `${page}\nreturn verifyPayhookSignature;`)(createRequire(import.meta.url));
  return (headers, body) => verify(body, headers["x-payhook-signature"] ?? "", SECRET);
}

const signedBody = (headers, body) => isSigned(SECRET, [body], headers["x-signature"]);

const rules = {
  payhook,
  soko: () => (headers, body) => {
    const time = headers["x-timestamp"];
    return isOfNow(time) && isSigned(SECRET, [time, body], headers["x-signature"]);
  },
  "crypto-pay": () => signedBody,
  "usdt-payments": () => signedBody,
  cryptopayment: () => (_headers, body) => {
    const { invoice_id, event, signature } = JSON.parse(body);
    return isSigned(Buffer.from(SECRET, "base64"), [`${invoice_id}.${event}`], signature);
  },
};
const isGenuine = rules[DIALECT]();

createServer(async (request, response) => {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > BODY_BYTES_MAX) return response.writeHead(413).end();
    parts.push(part);
  }
  const body = Buffer.concat(parts);
  let status = 401;
  try {
    if (isGenuine(request.headers, body)) status = 200;
  } catch (error) {
    console.error(`refused: ${error}`);
  }
  const line = JSON.stringify({ headers: request.headers, body: body.toString("base64"), status });
  appendFileSync(RECORD, `${line}\n`);
  response.writeHead(status).end();
}).listen(Number(PORT), "127.0.0.1");
