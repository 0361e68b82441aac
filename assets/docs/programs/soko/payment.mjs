// Makes a payment, prints where to send the customer, and reads where the payment stands.
// Run it on your server only: whoever has the key can make payments in your name.
import { createHmac, randomBytes } from "node:crypto";

const BASE = "https://pay.example.com";
const API_KEY = "pk_your_key";
const API_SECRET = "sk_your_secret";

/** Sends a call and gives its answer; anything but success ends the program. */
async function call(method, path, body) {
  const text = body === undefined ? "" : JSON.stringify(body);
  const response = await fetch(BASE + path, {
    method,
    headers: sign(method, path, text),
    body: text || undefined,
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${answer}`);
  return JSON.parse(answer);
}

/** The headers of a call: the signature covers time, method, path and body. */
function sign(method, path, body) {
  const time = Math.floor(Date.now() / 1000).toString();
  const signature = createHmac("sha256", API_SECRET).update(time + method + path + body).digest("hex");
  return {
    "Content-Type": "application/json",
    "X-Api-Key": API_KEY,
    "X-Timestamp": time,
    "X-Signature": signature,
  };
}

const created = await call("POST", "/api/v1/payment/create", {
  amount: "100.00",
  currency: "USDT_TRC20",
  order_id: `order-${randomBytes(6).toString("hex")}`,
  metadata: { customer: 42 },
});
console.log(created.data.payment_url);

const payment = await call("GET", `/api/v1/payment/${created.data.payment_id}`);
console.log(payment.data.status);
