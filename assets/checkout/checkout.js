// Keeps a checkout page up to date and makes its buttons work. The page is whole without it: every text comes
// from the server, and a change is shown by taking over the parts of a freshly loaded page that differ.
"use strict";
(() => {
  const root = document.getElementById("payment");
  if (!root) return;

  const POLL_MILLIS = 5000;
  const COPIED_MILLIS = 1800;

  // --- The server's time, whatever this machine's clock says.
  let serverNow = Number(root.dataset.now);
  let readAt = performance.now();
  const now = () => serverNow + (performance.now() - readAt);

  // --- Countdown
  const clockText = (seconds) => {
    const two = (number) => String(number).padStart(2, "0");
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    return hours > 0
      ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
      : `${minutes}:${two(seconds % 60)}`;
  };
  let closedAt = null;
  const tick = () => {
    const countdown = document.getElementById("countdown");
    if (!countdown) return;
    const expires = Number(countdown.dataset.expires);
    const left = Math.max(0, Math.floor((expires - now()) / 1000));
    countdown.querySelector(".clock").textContent = clockText(left);
    countdown.querySelector(".ring-fill").setAttribute("stroke-dasharray", `${left} ${countdown.dataset.total}`);
    countdown.classList.toggle("urgent", left < 300);
    if (now() > expires && closedAt !== expires) {
      closedAt = expires;
      refresh();
    }
  };
  setInterval(tick, 1000);

  // --- Taking over a newer page
  const live = document.getElementById("live");
  const offline = document.getElementById("offline");
  let refreshing = false;
  let refreshAgain = false;

  const takeOver = (newer) => {
    const fresh = newer.getElementById("payment");
    if (!fresh) return;
    for (const region of fresh.querySelectorAll("[data-region]")) {
      const current = root.querySelector(`[data-region="${region.dataset.region}"]`);
      // The countdown differs in every page; what it stands in is the same.
      if (current && fingerprint(current) !== fingerprint(region)) {
        const hadFocus = current.contains(document.activeElement);
        current.replaceWith(document.adoptNode(region));
        if (hadFocus) focusTitle();
      }
    }
    for (const button of fresh.querySelectorAll("button[name=code]")) {
      const current = root.querySelector(`button[name=code][value="${CSS.escape(button.value)}"]`);
      // More or less to choose from than before: too much of the page is another.
      if (!current) return location.reload();
      current.disabled = button.disabled;
    }
    serverNow = Number(fresh.dataset.now);
    readAt = performance.now();
    document.title = newer.title;
    if (fresh.dataset.announce !== root.dataset.announce) live.textContent = fresh.dataset.announce;
    for (const name of ["snapshot", "announce", "payment"]) {
      if (name in fresh.dataset) root.dataset[name] = fresh.dataset[name];
    }
    tick();
    leaveSoon();
  };

  // What had the focus is gone; whoever uses the keyboard goes on from the heading.
  const focusTitle = () => {
    const title = document.getElementById("stage-title");
    if (!title) return;
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  };

  const fingerprint = (region) => {
    const copy = region.cloneNode(true);
    copy.querySelector("#countdown")?.remove();
    copy.querySelector("#leaving")?.remove();
    for (const button of copy.querySelectorAll(".done")) button.classList.remove("done");
    return copy.outerHTML.replace(/\s+/g, " ");
  };

  const refresh = async () => {
    if (refreshing) {
      refreshAgain = true;
      return;
    }
    refreshing = true;
    try {
      const reply = await fetch(root.dataset.page, { cache: "no-store" });
      // The currency was chosen, here or in another window: what follows has a page of its own.
      if (reply.redirected) return location.replace(reply.url);
      if (reply.ok) takeOver(new DOMParser().parseFromString(await reply.text(), "text/html"));
      offline.hidden = true;
    } catch {
      offline.hidden = false;
    }
    refreshing = false;
    if (refreshAgain) {
      refreshAgain = false;
      refresh();
    }
  };

  const heard = (snapshot) => {
    offline.hidden = true;
    if (snapshot !== root.dataset.snapshot) refresh();
  };
  const isFinal = () => JSON.parse(root.dataset.snapshot).is_final;

  // --- Being told, or asking when nobody tells
  let polling = null;
  const poll = async () => {
    try {
      const reply = await fetch(root.dataset.status, { cache: "no-store" });
      if (reply.ok) heard(await reply.text());
    } catch {
      offline.hidden = false;
    }
    if (isFinal()) stopPolling();
  };
  const stopPolling = () => {
    clearInterval(polling);
    polling = null;
  };
  const startPolling = () => {
    if (polling === null && !isFinal()) polling = setInterval(poll, POLL_MILLIS);
  };
  const listen = () => {
    if (isFinal()) return;
    if (!("EventSource" in window)) {
      startPolling();
      return;
    }
    const source = new EventSource(root.dataset.events);
    source.onopen = stopPolling;
    source.onmessage = (message) => {
      heard(message.data);
      if (JSON.parse(message.data).is_final) source.close();
    };
    // A browser opens a cut stream again by itself, and gives up on a refused one.
    source.onerror = startPolling;
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !isFinal()) refresh();
    leaveSoon();
  });
  // What costs something else every moment is asked for again and again.
  if (root.dataset.refresh) {
    setInterval(() => {
      if (!document.hidden) refresh();
    }, Number(root.dataset.refresh) * 1000);
  }
  addEventListener("pageshow", (event) => {
    if (event.persisted) refresh();
  });

  // --- Copying
  const copyText = async (text) => {
    if (navigator.clipboard && window.isSecureContext) {
      await navigator.clipboard.writeText(text);
      return;
    }
    // Without TLS, as in a shop's own network, only the old way is open.
    const area = document.createElement("textarea");
    area.value = text;
    area.readOnly = true;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (!copied) throw new Error("not copied");
  };
  const onCopy = async (button) => {
    try {
      await copyText(button.dataset.copy);
    } catch {
      return;
    }
    const word = button.querySelector(".copy-word");
    button.dataset.word ??= word ? word.textContent : "";
    if (word) word.textContent = button.dataset.copied;
    button.classList.add("done");
    button.focus({ preventScroll: true });
    live.textContent = button.dataset.copied;
    clearTimeout(Number(button.dataset.timer));
    button.dataset.timer = setTimeout(() => {
      button.classList.remove("done");
      if (word) word.textContent = button.dataset.word;
      if (live.textContent === button.dataset.copied) live.textContent = "";
    }, COPIED_MILLIS);
  };

  // --- Going back to the shop. Only while the page is looked at, and only as long as it says so: whoever is in the
  // wallet just now, or sees late money arrive, is not taken away.
  let leaving = null;
  let leavingFor = null;
  let isStaying = false;
  const leaveSoon = () => {
    const notice = document.getElementById("leaving");
    const link = document.getElementById("shop-link");
    const target = notice && link && !document.hidden && !isStaying ? link.href : null;
    if (notice) notice.hidden = isStaying;
    if (target === leavingFor) return;
    clearTimeout(leaving);
    leavingFor = target;
    if (target) leaving = setTimeout(() => location.assign(target), Number(notice.dataset.seconds) * 1000);
  };
  const stay = () => {
    isStaying = true;
    leaveSoon();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("copy" in button.dataset) onCopy(button);
    if ("stay" in button.dataset) stay();
    if ("print" in button.dataset) {
      stay();
      print();
    }
  });

  tick();
  leaveSoon();
  listen();
})();
