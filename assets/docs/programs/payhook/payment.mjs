// Makes a payment, prints where to send the customer, and reads where the payment stands.
// Run it on your server only: whoever has the key can make payments in your name.
import { randomBytes } from "node:crypto";

const BASE = "https://pay.example.com";
const API_KEY = "pk_your_key";
const order = `order-${randomBytes(6).toString("hex")}`;

/** Sends a call and gives its answer; anything but success ends the program. */
async function call(method, path, body) {
  const text = body === undefined ? "" : JSON.stringify(body);
  const response = await fetch(BASE + path, {
    method,
    headers: {
      "Content-Type": "application/json",
      "X-API-Key": API_KEY,
      // Makes a retry safe: the same key gives the same payment, never a second one.
      "Idempotency-Key": order,
    },
    body: text || undefined,
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${answer}`);
  return JSON.parse(answer);
}

const made = await call("POST", "/api/v1/payments/", {
  amount_usd_cents: 5000,
  network: "tron",
  currency: "usdt",
  external_order_id: order,
});
console.log(made.checkout_url);

const payment = await call("GET", `/api/v1/payments/${made.payment_number}/`);
console.log(payment.status);
