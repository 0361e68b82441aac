// Buttons that only a script can serve are shown where there is one.
"use strict";

for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
