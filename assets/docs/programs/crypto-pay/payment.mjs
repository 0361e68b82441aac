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
    headers: {
      "Content-Type": "application/json",
      "X-API-Key": API_KEY,
      // Over the bytes that are sent; of a call without a body, over nothing.
      "X-Signature": createHmac("sha256", API_SECRET).update(text).digest("hex"),
    },
    body: text || undefined,
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${answer}`);
  return JSON.parse(answer);
}

const created = await call("POST", "/api/create-payment.php", {
  order_id: `order-${randomBytes(6).toString("hex")}`,
  amount: "50.00",
  description: "Two bags of coffee",
});
console.log(created.payment.payment_url);

const found = await call("GET", `/api/payment-status.php?payment_id=${created.payment.payment_id}`);
console.log(found.payment.status);
