// Takes the pictures of the documentation from a page: `pictures.sh REPORT.json` draws the page first.

import { join } from "node:path";
import { launch, open } from "./browser.mjs";

const [, , folder] = process.argv;
const browser = await launch();

/** The top of the page, as a reader first sees it. */
const top = async (colorScheme, name) => {
  const { page, close } = await open(browser, "given", { width: 1160, height: 1000, colorScheme, deviceScaleFactor: 1.5 });
  const charts = await page.locator(".charts").first().boundingBox();
  const chart = await page.locator("figure").first().boundingBox();
  const height = Math.ceil(charts.y + chart.height + 8);
  await page.setViewportSize({ width: 1160, height });
  await page.screenshot({ path: join(folder, name) });
  await close();
};
await top("light", "report.png");
await top("dark", "report-dark.png");

const { page } = await open(browser, "given", { width: 1160, height: 1400, deviceScaleFactor: 2 });
const shot = async (locator, name) => {
  await locator.scrollIntoViewIfNeeded();
  await locator.screenshot({ path: join(folder, name) });
};
const sections = page.locator("section.b");
const chart = (section, kind) => sections.nth(section).locator("figure", { has: page.locator(`svg[data-k=${kind}]`) });
await shot(page.locator("section.summary .scroll"), "summary.png");
await shot(chart(0, "l"), "latency.png");
await shot(chart(1, "e"), "efficiency.png");
await shot(chart(0, "p"), "plane-performance.png");
await shot(chart(1, "p"), "plane-scalability.png");
await shot(chart(0, "t"), "time.png");
await shot(chart(1, "k"), "karp-flatt.png");
await shot(chart(0, "q"), "percentiles.png");
await browser.close();
