// Takes webhooks on port 8000: refuses what is not signed, and says which order is paid.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const WEBHOOK_SECRET = "whsec_your_secret";

function isGenuine(headers, body) {
  const { "webhook-id": id = "", "webhook-timestamp": time = "", "webhook-signature": signature = "" } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(time)) <= 300)) return false;
  // What follows whsec_ is the key, in base64.
  const key = Buffer.from(WEBHOOK_SECRET.replace("whsec_", ""), "base64");
  const mac = createHmac("sha256", key).update(`${id}.${time}.`).update(body).digest("base64");
  const [expected, given] = [Buffer.from(`v1,${mac}`), Buffer.from(signature)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Store it here. The same webhook can come twice: act on each payment once. */
function take(headers, event) {
  if (event.type === "payment.confirmed") {
    const note = event.data.mode === "test" ? " (a test: do not deliver)" : "";
    console.log(`${event.data.external_order_id} is paid${note}`);
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
