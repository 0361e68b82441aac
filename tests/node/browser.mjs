// A browser on a line: one JSON command per line on standard input, one JSON answer per line on standard output.
// `{"do": NAME, ...}` is answered by `{"ok": VALUE}` or `{"error": TEXT}`. Ends, browser and all, with its input.
//
// Pages may reach the origin they were opened on, and those they were allowed to leave for: a request to any other is recorded and refused.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [executablePath, userDataDir, javaScript, locale, scale] = process.argv.slice(2);
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const context = await chromium.launchPersistentContext(userDataDir, {
  executablePath,
  headless: true,
  locale,
  javaScriptEnabled: javaScript === "on",
  viewport: { width: 1280, height: 800 },
  deviceScaleFactor: Number(scale),
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const page = context.pages()[0] ?? (await context.newPage());
page.setDefaultTimeout(60_000);

let home = new Set();
let always = new Set();
let errors = [];
let foreign = [];
let log = [];
let dialogs = [];

page.on("console", (message) => {
  if (message.type() === "error") errors.push(message.text());
  log.push(`${message.type()}: ${message.text()}`);
});
page.on("pageerror", (error) => errors.push(String(error)));
page.on("dialog", (dialog) => {
  dialogs.push(dialog.message());
  dialog.accept();
});
await context.route("**/*", async (route) => {
  const url = new URL(route.request().url());
  if (["data:", "blob:", "about:"].includes(url.protocol) || home.has(url.origin)) return route.continue();
  foreign.push(url.href);
  return route.abort();
});

const commands = {
  async open({ url }) {
    home = new Set([new URL(url).origin, ...always]);
    const response = await page.goto(url, { waitUntil: "load" });
    return { status: response?.status() ?? null, headers: (await response?.allHeaders()) ?? {} };
  },
  // Lets the page leave for another origin too, such as the shop that a checkout sends the customer back to.
  allow: ({ origin }) => void home.add(new URL(origin).origin),
  // The same for these origins, whatever is opened: what stands in frames of the pages.
  keep_allowed({ origins }) {
    always = new Set(origins.map((origin) => new URL(origin).origin));
  },
  reload: async () => void (await page.reload({ waitUntil: "load" })),
  url: () => page.url(),
  title: () => page.title(),
  html: () => page.content(),
  click: ({ selector }) => page.click(selector),
  click_in_frame: ({ frame, selector }) => page.frameLocator(frame).locator(selector).click(),
  async wait_in_frame({ frame, selector }) {
    await page.frameLocator(frame).locator(selector).first().waitFor({ timeout: 60_000 });
  },
  fill: ({ selector, text }) => page.fill(selector, text),
  select: async ({ selector, value }) => void (await page.selectOption(selector, value)),
  press: ({ selector, key }) => page.press(selector, key),
  text: ({ selector }) => page.innerText(selector),
  attribute: ({ selector, name }) => page.getAttribute(selector, name),
  count: ({ selector }) => page.locator(selector).count(),
  visible: ({ selector }) => page.locator(selector).first().isVisible(),
  async wait_for_text({ text }) {
    await page.getByText(text).first().waitFor({ state: "visible", timeout: 60_000 });
  },
  async wait_for({ selector }) {
    await page.waitForSelector(selector, { timeout: 60_000 });
  },
  async wait_for_url({ part }) {
    await page.waitForURL((url) => url.href.includes(part), { timeout: 60_000 });
  },
  async view({ width, height, scheme }) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
    // Half-way between two schemes no colour is the page's own.
    for (const frame of page.frames()) {
      await frame.evaluate(() => {
        for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish();
      });
    }
  },
  async screenshot({ path, full_page: fullPage }) {
    mkdirSync(dirname(path), { recursive: true });
    await page.screenshot({ path, fullPage, animations: "disabled" });
  },
  at_every_load: ({ script }) => context.addInitScript(script),
  evaluate: async ({ expression }) => (await page.evaluate(expression)) ?? null,
  // The keyboard, wherever the focus is.
  key: ({ key }) => page.keyboard.press(key),
  text_in_frame: ({ frame, selector }) => page.frameLocator(frame).locator(selector).first().innerText(),
  async evaluate_in_frame({ frame, expression }) {
    const inside = await (await page.waitForSelector(frame, { state: "attached" })).contentFrame();
    return (await inside.evaluate(expression)) ?? null;
  },
  // Boxes whose content is wider than they are, or that stick out of the window; in frames and shadow roots too. Where boxes
  // may scroll, those that do are left out with all in them.
  async overflowing({ scrolling }) {
    const found = [];
    for (const frame of page.frames()) {
      const inside = await frame.evaluate((scrolling) => {
        const scrolls = (box) => box !== document.body && box !== document.documentElement && ["auto", "scroll"].includes(getComputedStyle(box).overflowX);
        const isFree = (box) => box && (scrolls(box) || isFree(box.parentElement));
        const isTooWide = (box) => {
          const { left, right, width, height } = box.getBoundingClientRect();
          // Nothing of what is said to screen readers alone is seen; buttons for copying let go of their word.
          if (width < 2 || height < 2 || box.matches(".copy, .copy *") || (scrolling && isFree(box))) return false;
          const isCut = box.clientWidth > 0 && box.scrollWidth > box.clientWidth + 1;
          return isCut || left < -1 || right > innerWidth + 1;
        };
        const boxes = (root) => [...root.querySelectorAll("*")].flatMap((box) => [box, ...(box.shadowRoot ? boxes(box.shadowRoot) : [])]);
        return boxes(document).filter(isTooWide).map((box) => box.outerHTML.slice(0, 200));
      }, scrolling);
      found.push(...inside);
    }
    return found;
  },
  // Run through the debugger, so that a page's own content security policy stays in force.
  async axe() {
    await page.evaluate(axeSource);
    const found = await page.evaluate(() => globalThis.axe.run(document));
    return found.violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      nodes: nodes.map((node) => node.html.slice(0, 300)),
    }));
  },
  console_errors: () => errors.splice(0),
  console_log: () => log.splice(0),
  dialogs: () => dialogs.splice(0),
  foreign_requests: () => foreign.splice(0),
};

function answer(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

answer({ ok: "ready" });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    const command = JSON.parse(line);
    if (!Object.hasOwn(commands, command.do)) throw new Error(`no command ${command.do}`);
    answer({ ok: (await commands[command.do](command)) ?? null });
  } catch (error) {
    answer({ error: String(error.message ?? error) });
  }
}
await context.close();
