// payd: an overlay on the shop's page with a frame on payd's origin. Shared by both scripts; runs on foreign pages, so
// it leaves nothing global, writes no inline style (a strict content security policy would drop it without a word), and
// keeps its own looks in a shadow root.

const SCRIPT = document.currentScript;

// Where this script came from is where payd is, with the path it is mounted under.
const baseOf = (name) => {
  const found = SCRIPT || document.querySelector(`script[src*="/${name}"]`);
  return found && found.src ? new URL(".", found.src) : null;
};

const element = (name, properties, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties || {})) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
};

const drawing = (path) => {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
};

const CROSS = "M6 6l12 12M18 6L6 18";

// An element with a shadow root, in which the style holds and nothing of the page's does.
const shell = (style) => {
  const host = element("div");
  const root = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
  } catch (error) {
    // Browsers from before 2023. Under a strict policy it is plain there, and works.
    root.append(element("style", { textContent: style }));
  }
  return { host, root };
};

// Keeps the page behind from scrolling; the room of its scroll bar is kept too.
const holdScroll = () => {
  const bar = innerWidth - document.documentElement.clientWidth;
  const held = [document.documentElement, document.body].filter(Boolean).map(({ style }) => {
    const before = ["overflow", "padding-right"].map((name) => [
      name,
      style.getPropertyValue(name),
      style.getPropertyPriority(name),
    ]);
    style.setProperty("overflow", "hidden", "important");
    return () => before.forEach(([name, value, priority]) => style.setProperty(name, value, priority));
  });
  if (bar > 0 && document.body) {
    const padding = parseFloat(getComputedStyle(document.body).paddingRight) || 0;
    document.body.style.setProperty("padding-right", `${padding + bar}px`, "important");
  }
  return () => held.forEach((restore) => restore());
};

// How long the frame may take to say that it is there: after it was asked for, and after something was loaded into it.
const LOAD_MILLIS = 30000;
const SILENT_MILLIS = 4000;

// Opens the overlay on a page of payd's. `heard` is told of each message of the frame, `closed` once when it is gone.
const openOverlay = ({ url, title, speaks, heard, closed }) => {
  const payd = url.origin;
  const before = document.activeElement;
  const { host, root } = shell(STYLES.overlay);
  const close = element("button", { type: "button", className: "close" });
  close.setAttribute("aria-label", TEXTS.close);
  close.append(drawing(CROSS));
  const frame = element("iframe", { title, src: url.href, allow: "clipboard-write", referrerPolicy: "no-referrer" });
  const waiting = element("p", { className: "waiting" }, element("span", { className: "spinner" }), TEXTS.loading);
  waiting.setAttribute("role", "status");
  const heading = element("h2", { id: "title", textContent: title });
  const dialog = element(
    "dialog",
    {},
    element("div", { className: "bar" }, heading, close),
    element("div", { className: "body" }, waiting, frame),
  );
  for (const [name, value] of [["role", "dialog"], ["aria-modal", "true"], ["aria-labelledby", "title"], ["lang", TEXTS.lang]]) {
    dialog.setAttribute(name, value);
  }
  root.append(dialog);

  let isOpen = true;
  let isThere = false;
  let timer = 0;
  const there = () => {
    isThere = true;
    clearTimeout(timer);
    waiting.hidden = true;
  };
  const unreachable = () => {
    if (isThere || !isOpen) return;
    waiting.replaceChildren(TEXTS.unreachable);
    waiting.setAttribute("role", "alert");
    waiting.hidden = false;
    frame.hidden = true;
    heard({ type: "error", error: { code: "unreachable", message: `${payd} did not answer, or does not let this page show it` } });
  };

  // The page in the frame has a cross of its own, and takes it away when it is told of this one.
  const tellClose = () => frame.contentWindow.postMessage({ source: "payd", type: "has-close" }, payd);

  const listen = (event) => {
    // Any window can send any message: only payd's own, from this very frame, are believed.
    if (event.origin !== payd || event.source !== frame.contentWindow) return;
    const message = event.data;
    if (!message || message.source !== "payd" || typeof message.type !== "string") return;
    there();
    if (message.type === "close") return shut();
    tellClose();
    heard(message);
  };
  const shut = () => {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(timer);
    removeEventListener("message", listen);
    if (frame.contentWindow) frame.contentWindow.postMessage({ source: "payd", type: "close" }, payd);
    if (dialog.open) dialog.close();
    release();
    // A frame that is gone hears nothing: it goes after the message.
    setTimeout(() => host.remove());
    if (before && before.isConnected && before.focus) before.focus({ preventScroll: true });
    closed();
  };

  addEventListener("message", listen);
  close.addEventListener("click", shut);
  // Escape; a browser that closes the dialog without asking comes by the second.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    shut();
  });
  dialog.addEventListener("close", shut);
  // A modal dialog keeps Tab from the page behind, not from the browser's own bars: from the last it goes to the first.
  frame.addEventListener("load", () => {
    waiting.hidden = true;
    clearTimeout(timer);
    if (speaks && !isThere) timer = setTimeout(unreachable, SILENT_MILLIS);
    else isThere = true;
    if (!speaks) tellClose();
  });
  timer = setTimeout(unreachable, LOAD_MILLIS);

  (document.body || document.documentElement).append(host);
  const release = holdScroll();
  // Everything behind a modal dialog is inert, and it is above whatever else the page has.
  dialog.showModal();
  close.focus({ preventScroll: true });
  return { close: shut };
};
