// Checks a list of addresses while it is typed; without this it is checked when it is sent. What can spend is taken out of
// the field at once.
"use strict";

for (const field of document.querySelectorAll("textarea[data-check]")) {
  const findings = document.getElementById("findings");
  let waiting = 0;
  let asked = 0;

  const check = async () => {
    const mine = ++asked;
    const body = new URLSearchParams({ csrf: field.form.elements.csrf.value, addresses: field.value });
    const answer = await fetch(field.dataset.check, { method: "POST", body });
    // Something else was typed meanwhile, or the page is of no use any more.
    if (mine !== asked || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    findings.replaceChildren(...page.body.childNodes);
    if (findings.querySelector("[data-secret='true']")) field.value = "";
  };

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, 250);
  });
}
