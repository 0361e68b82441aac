// payd: `CryptoMerchant`, for a shop's page.
//
//   CryptoMerchant.init({ apiKey, lang })
//   CryptoMerchant.pay({ price: "NAME" | fiat_amount + fiat_currency | amount, order_id, onSuccess, onClose, onError })
//
// A customer can change whatever a page says, and answer for payd in the own browser. What is delivered is decided by
// the webhook that payd sends to the shop's backend, never by `onSuccess`: it is for saying thanks.

const BASE = baseOf("widget.js");
let settings = {};
let overlay = null;

const call = (callback, ...given) => {
  if (typeof callback === "function") callback(...given);
};

const failure = (error) => {
  const told = error && typeof error === "object" ? error : { message: String(error || "") };
  return Object.assign(new Error(told.message || "the payment could not be started"), { code: told.code || "error" });
};

// 0.1 + 0.2 is 0.3: what binary fractions add to a number that a person wrote is behind its 15th digit. Digits only.
const decimal = (amount) => {
  if (typeof amount !== "number") return String(amount).trim();
  const plain = String(Number(amount.toPrecision(15)));
  return plain.includes("e-") ? Number(plain).toFixed(18).replace(/0+$/, "") : plain;
};

const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const frameUrl = (wanted) => {
  const url = new URL("widget/frame", BASE);
  const fields = { key: settings.apiKey, origin: location.origin, once: random() };
  for (const name of ["price", "fiat_currency", "order_id"]) fields[name] = wanted[name];
  for (const name of ["amount", "fiat_amount"]) if (wanted[name] != null) fields[name] = decimal(wanted[name]);
  fields.lang = settings.lang || (TEXTS.isLangAsked ? TEXTS.lang : null);
  for (const [name, value] of Object.entries(fields)) {
    if (value != null && value !== "") url.searchParams.set(name, value);
  }
  return url;
};

const pay = (wanted) => {
  const { onSuccess, onClose, onError } = wanted || {};
  const refuse = (message) => call(onError, failure({ code: "invalid_request", message }));
  if (!BASE) return refuse("widget.js must be loaded by a script element with a src");
  if (!settings.apiKey) return refuse("call CryptoMerchant.init({ apiKey: ... }) first");
  if (overlay) return refuse("a payment is open already");
  let isPaid = false;
  overlay = openOverlay({
    url: frameUrl(wanted),
    title: TEXTS.payTitle,
    speaks: true,
    heard: (message) => {
      if (message.type === "success" && !isPaid) {
        isPaid = true;
        call(onSuccess, Object.assign({}, message.payment));
      } else if (message.type === "error") {
        call(onError, failure(message.error));
      }
    },
    closed: () => {
      overlay = null;
      call(onClose);
    },
  });
};

window.CryptoMerchant = Object.freeze({
  init: (given) => {
    settings = Object.assign({}, given);
  },
  pay: (wanted) => {
    pay(wanted);
  },
  close: () => {
    if (overlay) overlay.close();
  },
});
