// Makes a payment, prints where to send the customer, and reads where the payment stands.
// Run it on your server only: whoever has the key can make payments in your name.
import { randomBytes } from "node:crypto";

const BASE = "https://pay.example.com";
const API_KEY = "pk_your_key";
const API_SECRET = "sk_your_secret";

/** Sends a call and gives its answer; anything but success ends the program. */
async function call(method, path, body) {
  const text = body === undefined ? "" : JSON.stringify(body);
  const response = await fetch(BASE + path, {
    method,
    headers: {
      "Content-Type": "application/json",
      Authorization: `Bearer ${API_KEY}:${API_SECRET}`,
    },
    body: text || undefined,
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${answer}`);
  return JSON.parse(answer);
}

const created = await call("POST", "/api/v1/invoices", {
  network: "trc20",
  amount_usd: 50.0,
  order_id: `order-${randomBytes(6).toString("hex")}`,
});
console.log(created.checkout_url);

const found = await call("GET", `/api/v1/invoices/${created.invoice.id}`);
console.log(found.invoice.status);
