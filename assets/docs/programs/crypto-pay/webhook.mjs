// Takes webhooks on port 8000: refuses what is not signed, and says which order is paid.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const API_SECRET = "sk_your_secret";

/** Whether a hex signature is that of these bytes; takes the same time for every wrong one. */
function isSigned(key, parts, signature) {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  const expected = Buffer.from(mac.digest("hex"));
  const given = Buffer.from(String(signature));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function isGenuine(headers, body) {
  return isSigned(API_SECRET, [body], headers["x-signature"]);
}

/** Store it here. The same webhook can come twice: act on each payment once. */
function take(headers, event) {
  if (event.status === "paid") {
    const note = headers["x-payd-mode"] === "test" ? " (a test: do not deliver)" : "";
    console.log(`${event.order_id} is paid${note}`);
  }
}

createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  let genuine = false;
  try {
    genuine = isGenuine(request.headers, body);
    if (genuine) take(request.headers, JSON.parse(body));
  } catch (error) {
    console.error(error);
  }
  response.writeHead(genuine ? 200 : 401).end();
}).listen(Number(process.env.PORT ?? 8000));
