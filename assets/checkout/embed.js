// Inside a frame of the payment widget or the donation page: tells the page around it what becomes of the payment. What
// is said is laid down in src/web/checkout/framing.rs. The origin to speak to comes from the server, which has checked
// that it may show this page.
"use strict";
(() => {
  const root = document.getElementById("payment");
  const parentOrigin = root?.dataset.parent;
  if (!parentOrigin || window.parent === window) return;

  let told = null;
  let hasSucceeded = false;
  let isClosed = false;
  const tell = (type) => {
    const payment = JSON.parse(root.dataset.payment);
    window.parent.postMessage({ source: "payd", type, payment }, parentOrigin);
    return payment;
  };
  const tellStatus = () => {
    if (isClosed || root.dataset.payment === told) return;
    told = root.dataset.payment;
    const { status } = tell("status");
    if (hasSucceeded || (status !== "completed" && status !== "overpaid")) return;
    hasSucceeded = true;
    tell("success");
  };
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    tell("close");
  };

  const button = document.getElementById("close");
  button.hidden = false;
  addEventListener("message", (event) => {
    if (event.origin !== parentOrigin || event.source !== window.parent) return;
    if (event.data?.source !== "payd") return;
    if (event.data.type === "close") close();
    else if (event.data.type === "has-close") button.hidden = true;
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });
  button.addEventListener("click", close);

  new MutationObserver(tellStatus).observe(root, { attributes: true, attributeFilter: ["data-payment"] });
  tellStatus();
})();
