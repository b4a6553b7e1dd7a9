// A browser, and pages in it that note whatever they should not do.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const PAGES = process.env.SCALEBENCH_PAGES;

/** The path of a page that run.sh has made. */
export const pagePath = (name) => join(PAGES, `${name}.html`);

/** Starts the browser that SCALEBENCH_CHROMIUM names. */
export const launch = () =>
  chromium.launch({
    executablePath: process.env.SCALEBENCH_CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });

/**
 * Opens a page. `faults` collects what a page of ours never does: errors and warnings on the console, requests beside
 * the page itself, dialogs, violations of its own policy.
 */
export const open = async (browser, name, options = {}) => {
  const { width = 1280, height = 900, ...rest } = options;
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce", ...rest });
  const page = await context.newPage();
  const faults = [];
  const url = pathToFileURL(pagePath(name)).href;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== url) faults.push(`request: ${request.url()}`);
  });
  page.on("dialog", async (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  await page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(event.violatedDirective));
  });
  await page.goto(url, { waitUntil: "load" });
  return { page, faults, close: () => context.close() };
};

if (!PAGES || !existsSync(PAGES)) throw new Error("SCALEBENCH_PAGES must name the folder of the pages: use run.sh");
