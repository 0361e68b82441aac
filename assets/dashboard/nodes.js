// Keeps the page of the nodes fresh. Without it there is a link that loads the page again.
"use strict";

const board = document.getElementById("nodes-board");
const EVERY_MS = 5000;
// A page that nobody looks at any more must not keep its reader signed in.
const FOR_MS = 15 * 60 * 1000;
let touched = Date.now();

for (const sign of ["pointerdown", "pointermove", "keydown"]) {
  document.addEventListener(sign, () => (touched = Date.now()), { passive: true });
}

async function refresh() {
  if (document.hidden || Date.now() - touched > FOR_MS || board.contains(document.activeElement)) return;
  try {
    const reply = await fetch(board.dataset.source, { headers: { accept: "application/json, text/plain" } });
    if (reply.ok && !reply.redirected) board.innerHTML = await reply.text();
  } catch {
    // payd starts anew, or the network is gone: the next look may see it again.
  }
}

setInterval(refresh, EVERY_MS);
