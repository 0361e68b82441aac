// The first run: what is pasted is checked as it is typed.
"use strict";

const csrf = document.querySelector("input[name=csrf]").value;

for (const field of document.querySelectorAll("[data-check]")) {
  const verdict = document.getElementById(`${field.id}-verdict`);
  let waiting;
  let latest = 0;
  const check = async () => {
    const turn = ++latest;
    const body = new URLSearchParams({ text: field.value });
    const reply = await fetch(field.dataset.check, { method: "POST", body, headers: { "x-csrf-token": csrf } });
    if (!reply.ok || turn !== latest) return;
    const found = await reply.json();
    verdict.className = `verdict ${found.class}`;
    verdict.textContent = found.text;
    field.setAttribute("aria-invalid", String(found.class === "bad"));
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, 250);
  });
}
