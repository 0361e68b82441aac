// Keeps a page up to date while it is open. The stream that `data-stream` of this script names tells which payments were made
// or changed; then the page is loaded again in the background, and each of its parts that has an id and `data-live` takes the
// place of the old one. `data-live="*"` is for parts that any payment may change, `data-live="PAY-..."` for those of one.
// A page can listen itself: the event `payd:payment` on the document has what the stream told in `detail`.
"use strict";

(() => {
  // Between two looks at the page, in milliseconds: a busy store changes many times a second.
  const PAUSE = 1000;
  // Between two looks where there is no stream.
  const POLL = 15000;
  const source = new EventSource(document.currentScript.dataset.stream);
  let due = false;
  let waits = false;

  const parts = () => document.querySelectorAll("[data-live][id]");

  function concerns(told) {
    for (const part of parts()) {
      if (part.dataset.live === "*" || !told.number || part.dataset.live === told.number) return true;
    }
    return false;
  }

  // Somebody who types or reads in a part is not disturbed.
  function isInUse(part) {
    const focused = document.activeElement;
    return (focused && focused !== document.body && part.contains(focused) && focused.matches("input, select, textarea"))
      || part.querySelector("details[open]") !== null;
  }

  function put(fresh) {
    for (const part of parts()) {
      const next = fresh.getElementById(part.id);
      if (!next || next.outerHTML === part.outerHTML || isInUse(part)) continue;
      const known = new Map(Array.from(part.querySelectorAll("tbody tr[id]"), (row) => [row.id, row.outerHTML]));
      for (const row of next.querySelectorAll("tbody tr[id]")) {
        if (known.get(row.id) !== row.outerHTML) row.classList.add("fresh");
      }
      part.replaceWith(next);
    }
    document.dispatchEvent(new CustomEvent("payd:updated"));
  }

  async function look() {
    if (waits) {
      due = true;
      return;
    }
    waits = true;
    due = false;
    try {
      const reply = await fetch(location.href, { headers: { accept: "text/html" } });
      if (reply.ok && !reply.redirected) {
        put(new DOMParser().parseFromString(await reply.text(), "text/html"));
      }
    } catch {
      // The next change tries again.
    }
    setTimeout(() => {
      waits = false;
      if (due) look();
    }, PAUSE);
  }

  source.addEventListener("payment", (event) => {
    const told = JSON.parse(event.data);
    document.dispatchEvent(new CustomEvent("payd:payment", { detail: told }));
    if (concerns(told)) look();
  });
  // What happened while the stream was cut is seen when it is open again.
  let wasCut = false;
  let polling = null;
  source.addEventListener("error", () => {
    wasCut = true;
    // Refused, and not tried again by the browser: all streams are taken.
    if (source.readyState === EventSource.CLOSED && polling === null) polling = setInterval(look, POLL);
  });
  source.addEventListener("open", () => {
    if (wasCut) look();
    wasCut = false;
  });
})();
