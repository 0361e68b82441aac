// Buttons that copy a program. Everything else on the page works without scripts.
"use strict";

for (const program of document.querySelectorAll("pre[data-program]")) {
  const { copy, copied } = document.body.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = copy;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(program.textContent.trimStart());
      button.textContent = copied;
    } catch {
      const range = document.createRange();
      range.selectNodeContents(program);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
  });
  button.addEventListener("blur", () => {
    button.textContent = copy;
  });
  program.parentElement.append(button);
}
