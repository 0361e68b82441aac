// payd: a button, a bar or an inline button that opens the store's donation page. Set up by the attributes of the script
// element: data-store-key (required), data-mode, data-target, data-text, data-amounts, data-color.

const BASE = baseOf("donate-widget.js");
const HEART = "M12 20s-7-4.6-9-9a5 5 0 0 1 9-4 5 5 0 0 1 9 4c-2 4.4-9 9-9 9z";
const DISMISSED = "payd-donate-dismissed";
const TEXT_LENGTH_MAX = 200;

// An attribute that makes no sense is left out, and said so: a page must not break by it.
const attribute = (name, isRight, what) => {
  const value = SCRIPT ? (SCRIPT.getAttribute(`data-${name}`) || "").trim() : "";
  if (!value || isRight(value)) return value;
  console.warn(`payd: data-${name} is ignored, it must be ${what}: ${value}`);
  return "";
};

const isAmount = (text) => /^\d{1,9}(\.\d{1,3})?$/.test(text.trim()) && Number(text) > 0;

const read = () => ({
  key: attribute("store-key", (text) => /^[\w-]{8,128}$/.test(text), "the store's API key"),
  mode: attribute("mode", (text) => ["button", "topbar", "inline"].includes(text), "button, topbar or inline") || "button",
  target: attribute("target", () => true),
  text: attribute("text", (text) => text.length <= TEXT_LENGTH_MAX, `of at most ${TEXT_LENGTH_MAX} characters`),
  amounts: attribute(
    "amounts",
    (text) => text.split(",").length <= 8 && text.split(",").every(isAmount),
    'up to 8 amounts such as "5,10,25"',
  ),
  color: attribute("color", (text) => /^#[0-9a-f]{6}$/i.test(text), 'a colour such as "#e11d48"'),
});

const donationUrl = (options) => {
  const url = new URL(`donate/${encodeURIComponent(options.key)}`, BASE);
  const query = {
    embed: "1",
    origin: location.origin,
    amounts: options.amounts.replace(/\s/g, ""),
    text: options.text,
    color: options.color,
    lang: TEXTS.isLangAsked ? TEXTS.lang : "",
  };
  for (const [name, value] of Object.entries(query)) if (value) url.searchParams.set(name, value);
  return url;
};

// Black or white, whichever can be read better on a colour (WCAG 2.2, relative luminance).
const inkOn = (color) => {
  const part = (at) => {
    const share = parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5) > 0.179 ? "#000000" : "#ffffff";
};

const button = (options, label) => {
  const made = element("button", { type: "button", className: "donate" }, drawing(HEART), element("span", { textContent: label }));
  made.setAttribute("aria-haspopup", "dialog");
  let overlay = null;
  made.addEventListener("click", () => {
    if (overlay) return;
    overlay = openOverlay({
      url: donationUrl(options),
      title: TEXTS.donateTitle,
      speaks: false,
      heard: () => {},
      closed: () => {
        overlay = null;
      },
    });
  });
  return made;
};

const dressed = (options) => {
  const made = shell(STYLES.donate);
  made.host.lang = TEXTS.lang;
  if (options.color) {
    made.host.style.setProperty("--payd-accent", options.color);
    made.host.style.setProperty("--payd-accent-ink", inkOn(options.color));
  }
  return made;
};

const placeButton = (options, place) => {
  const { host, root } = dressed(options);
  root.append(button(options, options.text || TEXTS.donate));
  place(host);
};

const remembered = () => {
  try {
    return sessionStorage.getItem(DISMISSED) === "1";
  } catch (error) {
    return false;
  }
};

// Stands above the page, which moves down by its height: it covers nothing.
const placeBar = (options) => {
  if (remembered()) return;
  const { host, root } = dressed(options);
  const dismiss = element("button", { type: "button", className: "dismiss" }, drawing(CROSS));
  dismiss.setAttribute("aria-label", TEXTS.dismiss);
  const text = element("p", { textContent: options.text || TEXTS.donateText });
  const bar = element("section", { className: "topbar" }, text, button(options, TEXTS.donate), dismiss);
  bar.setAttribute("aria-label", TEXTS.donateTitle);
  root.append(bar);
  document.body.prepend(host);

  const page = document.documentElement;
  const names = ["padding-top", "scroll-padding-top"];
  const before = names.map((name) => [name, page.style.getPropertyValue(name), page.style.getPropertyPriority(name)]);
  const own = names.map((name) => parseFloat(getComputedStyle(page).getPropertyValue(name)) || 0);
  const reserve = () => {
    names.forEach((name, at) => page.style.setProperty(name, `${own[at] + bar.offsetHeight}px`, "important"));
  };
  reserve();
  const watcher = "ResizeObserver" in window ? new ResizeObserver(reserve) : null;
  if (watcher) watcher.observe(bar);
  dismiss.addEventListener("click", () => {
    if (watcher) watcher.disconnect();
    host.remove();
    before.forEach(([name, value, priority]) => page.style.setProperty(name, value, priority));
    try {
      sessionStorage.setItem(DISMISSED, "1");
    } catch (error) {
      // It comes back with the next page.
    }
  });
};

const start = () => {
  const options = read();
  if (!BASE || !options.key) {
    console.error("payd: donate-widget.js needs a src and data-store-key");
    return;
  }
  if (options.mode === "topbar") {
    placeBar(options);
    return;
  }
  const target = options.target ? document.getElementById(options.target) : null;
  if (options.mode === "inline" && target) {
    placeButton(options, (host) => target.append(host));
    return;
  }
  if (options.mode === "inline") console.warn(`payd: no element has the id of data-target: ${options.target}`);
  const isInBody = SCRIPT && document.body && document.body.contains(SCRIPT);
  placeButton(options, (host) => (isInBody ? SCRIPT.after(host) : document.body.append(host)));
};

// A script in the head, or before its target, waits for the rest of the page.
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
