// The till: a keypad and items that add up, without a float; and the sound when it is paid.
"use strict";

(() => {
  const till = document.querySelector("[data-till]");
  if (!till) return;
  const digits = Number(till.dataset.digits);
  const amount = till.querySelector("#amount");
  const description = till.querySelector("[name=description]");
  const sum = till.querySelector("[data-sum]");
  const chosen = new Map();

  for (const part of till.querySelectorAll("[data-keys], [data-clear]")) part.hidden = false;

  // Amounts are counted in the smallest unit of the currency. What cannot be one, thousands parted by commas too, is null.
  function read(text) {
    const match = /^(\d*)(?:[.,](\d*))?$/.exec(text.trim());
    if (!match || (match[2] || "").length > digits || /[1-9]\d*,\d{3}$/.test(text.trim())) return null;
    return BigInt((match[1] || "0") + (match[2] || "").padEnd(digits, "0"));
  }

  function write(minor) {
    const text = minor.toString().padStart(digits + 1, "0");
    return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  }

  function press(key) {
    if (key === "back") amount.value = amount.value.slice(0, -1);
    else if (key === "." && /[.,]/.test(amount.value)) return;
    else if ((amount.value.split(/[.,]/)[1] ?? "").length >= digits && /[.,]/.test(amount.value)) return;
    else amount.value = (amount.value + key).replace(/^0+(?=\d)/, "");
  }

  function tell() {
    const all = Array.from(chosen, ([label, count]) => (count > 1 ? `${count} × ${label}` : label)).join(", ");
    sum.textContent = all;
    description.value = all.slice(0, 255);
  }

  function clear() {
    amount.value = "";
    chosen.clear();
    tell();
    amount.focus();
  }

  till.addEventListener("click", (event) => {
    const button = event.target.closest("[data-key], [data-amount], [data-clear]");
    if (!button) return;
    if (button.dataset.key) press(button.dataset.key);
    else if (button.dataset.amount) {
      event.preventDefault();
      const typed = read(amount.value);
      // Nothing is added to what was meant otherwise.
      if (typed === null) return amount.focus();
      amount.value = write(typed + read(button.dataset.amount));
      chosen.set(button.dataset.label, (chosen.get(button.dataset.label) ?? 0) + 1);
      tell();
    } else clear();
  });
  till.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear();
  });
})();

(() => {
  const pay = () => document.getElementById("pay");
  if (!pay()) return;
  let stage = pay().dataset.stage;
  // What lies behind is not to be reached by keys either.
  for (const behind of document.querySelectorAll(".skip, .bar, .ways")) behind.inert = true;

  // Three rising notes. Where the browser wants a touch first, the tick has to do.
  function chime() {
    try {
      const audio = new AudioContext();
      [659.25, 830.61, 987.77].forEach((pitch, place) => {
        const tone = audio.createOscillator();
        const volume = audio.createGain();
        const from = audio.currentTime + place * 0.12;
        tone.frequency.value = pitch;
        volume.gain.setValueAtTime(0.0001, from);
        volume.gain.exponentialRampToValueAtTime(0.25, from + 0.02);
        volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.35);
        tone.connect(volume).connect(audio.destination);
        tone.start(from);
        tone.stop(from + 0.4);
      });
      setTimeout(() => audio.close(), 1500);
    } catch {
      // No sound on this device.
    }
  }

  document.addEventListener("payd:updated", () => {
    const now = pay().dataset.stage;
    if (now === "paid" && stage !== "paid") {
      chime();
      navigator.vibrate?.(200);
    }
    stage = now;
  });

  // Acts on a test payment without leaving the page.
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-quietly]");
    if (!form) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    event.submitter.disabled = true;
    await fetch(form.action, { method: "POST", body, redirect: "manual" });
  });
})();
