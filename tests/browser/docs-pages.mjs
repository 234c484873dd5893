// Opens the documentation pages of a real `svc serve` in Chromium, see README.md.

import assert from "node:assert/strict";
import { picture, running } from "./running.mjs";

await running(async ({ base, open }) => {
  const { paths } = await (await fetch(`${base}/openapi.json`)).json();
  const operations = Object.values(paths).flatMap(Object.values);
  await swagger(open, operations);
  await redoc(open, operations);
  await events(open);
  console.log("the pages work and ask no other host");
});

/** Registers, logs in and reads the account, as a visitor would. */
async function swagger(open, operations) {
  const { page, check } = await open("/docs");
  await page.locator(".opblock").first().waitFor();
  assert.equal(await page.locator(".opblock").count(), operations.length, "every operation is shown");
  await picture(page, "swagger");

  // A visitor sends the examples first, so they must work together unchanged.
  const user = await tryOut(page, "auth-register", 201);
  const pair = await tryOut(page, "auth-log_in", 200);
  await page.locator(".auth-wrapper .authorize").click();
  const bearer = page.locator(".modal-ux .auth-container").filter({ hasText: "(http" });
  await bearer.locator("input").fill(pair.access_token);
  await picture(page, "swagger-authorize");
  await bearer.locator("button.authorize").click();
  await bearer.locator(".btn-done").click();
  assert.deepEqual(await tryOut(page, "me-show_me", 200), user);
  await picture(page, "swagger-tried");
  await check();
}

/** Clicks "Try it out" and "Execute", with the proposed values. */
async function tryOut(page, operation, status) {
  const block = page.locator(`#operations-${operation}`);
  await block.locator(".opblock-summary-control").click();
  await block.locator(".try-out__btn").click();
  await block.locator(".execute").click();
  const answer = block.locator(".live-responses-table tbody tr").first();
  await answer.waitFor();
  assert.match(await answer.locator(".response-col_status").innerText(), new RegExp(`^${status}`), operation);
  return JSON.parse(await answer.locator(".response-col_description .highlight-code code").first().innerText());
}

async function redoc(open, operations) {
  const { page, check } = await open("/redoc");
  for (const { operationId } of operations) {
    await page.locator(`[id$="operation/${operationId}"]`).first().waitFor({ state: "attached" });
  }
  await page.locator('input[role="search"], .search-input').first().fill("refresh");
  await page.locator('[data-role="search:results"]').waitFor();
  await picture(page, "redoc");
  await check();
}

/** Every event has a heading that the table leads to. */
async function events(open) {
  const { page, check } = await open("/docs/events");
  const links = page.locator("table").first().locator("a");
  assert.ok((await links.count()) > 20);
  for (const link of await links.all()) {
    assert.equal(await page.locator(`[id="${(await link.getAttribute("href")).slice(1)}"]`).count(), 1);
  }
  await picture(page, "events");
  await check();
}
