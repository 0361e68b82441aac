// Small comforts of the donation page, which is whole without them: the field for an amount of one's own chooses itself, a
// text that is too long says so before it is sent, a donation is sent once, and a page in a frame can be closed.
"use strict";
(() => {
  const root = document.getElementById("gift");
  const form = document.getElementById("gift-form");
  if (!root || !form) return;

  // --- An amount of one's own
  const own = document.getElementById("own");
  const chooseOwn = document.getElementById("choose-own");
  if (chooseOwn) {
    own.addEventListener("input", () => {
      chooseOwn.checked = true;
    });
    chooseOwn.addEventListener("change", () => own.focus());
  }

  // --- Texts, counted as the server counts them: by characters, a line break as one
  const lengthOf = (text) => [...text.trim().replace(/\r\n?/g, "\n")].length;
  const left = document.getElementById("count-left");
  const check = (field) => {
    const length = lengthOf(field.value);
    const max = Number(field.dataset.lengthMax);
    field.setCustomValidity(length > max ? field.dataset.tooLong : "");
    if (field.id !== "donor-message") return;
    left.hidden = length < max * 0.8;
    left.textContent = `${length} / ${max}`;
    left.classList.toggle("over", length > max);
  };
  for (const field of form.querySelectorAll("[data-length-max]")) {
    field.addEventListener("input", () => check(field));
    check(field);
  }

  // --- Once
  let isSent = false;
  form.addEventListener("submit", (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
  });
  addEventListener("pageshow", () => {
    isSent = false;
  });

  // --- In a frame
  const origin = root.dataset.origin;
  if (!origin || window.parent === window) return;
  const close = document.getElementById("close");
  const tell = () => window.parent.postMessage({ source: "payd", type: "close" }, origin);
  close.hidden = false;
  close.addEventListener("click", tell);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") tell();
  });
  addEventListener("message", (event) => {
    if (event.origin !== origin || event.source !== window.parent) return;
    if (event.data?.source !== "payd") return;
    if (event.data.type === "close") tell();
    else if (event.data.type === "has-close") close.hidden = true;
  });
})();
