// Inside the overlay: tells the shop's page that payd is there, or why there is no payment, and goes on by itself.
"use strict";
(() => {
  const root = document.getElementById("widget");
  const origin = root.dataset.origin;
  // Only the page that the server was told of can read it, whoever it is that shows this frame.
  const tell = (message) => {
    if (origin && parent !== window) parent.postMessage(Object.assign({ source: "payd" }, message), origin);
  };
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") tell({ type: "close" });
  });
  if (root.dataset.error) {
    tell({ type: "error", error: JSON.parse(root.dataset.error) });
    return;
  }
  tell({ type: "ready" });
  // Sent while the page loads, the form leaves nothing in the history to go back to.
  document.getElementById("start").submit();
})();
