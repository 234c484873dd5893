// Opens the documentation of a real `svc serve` in Chromium, as README.md says.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const binary = resolve(process.env.SVC ?? join(import.meta.dirname, "../../target/debug/svc"));
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const screenshots = process.env.SCREENSHOTS;

const folder = await mkdtemp(join(tmpdir(), "svc-browser-"));
const base = `http://127.0.0.1:${await freePort()}`;
const service = spawn(binary, ["serve", "--quiet"], {
  cwd: folder,
  env: { SVC_SERVER__LISTEN: new URL(base).host },
  stdio: ["ignore", "ignore", "inherit"],
});
const stopped = new Promise((ended) => service.once("exit", ended));
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
try {
  await ready();
  const { paths } = await (await fetch(`${base}/openapi.json`)).json();
  const operations = Object.values(paths).flatMap(Object.values);
  await swagger(operations);
  await redoc(operations);
  console.log("both pages work and ask no other host");
} finally {
  await browser.close();
  service.kill();
  await stopped;
  await rm(folder, { recursive: true });
}

/** Registers, logs in and reads the account, by hand. */
async function swagger(operations) {
  const { page, check } = await open("/docs");
  await page.locator(".opblock").first().waitFor();
  assert.equal(await page.locator(".opblock").count(), operations.length, "every operation is shown");
  await picture(page, "swagger");

  // The examples are what a visitor sends first, so they have to work together as they stand.
  const user = await tryOut(page, "auth-register", 201);
  const pair = await tryOut(page, "auth-login", 200);
  await page.locator(".auth-wrapper .authorize").click();
  await page.locator(".modal-ux input").fill(pair.access_token);
  await picture(page, "swagger-authorize");
  await page.locator(".modal-ux button.authorize").click();
  await page.locator(".modal-ux .btn-done").click();
  assert.deepEqual(await tryOut(page, "me-get_me", 200), user);
  await picture(page, "swagger-tried");
  await check();
}

/** "Try it out" and "Execute", with everything as it is proposed. */
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

async function redoc(operations) {
  const { page, check } = await open("/redoc");
  for (const { operationId } of operations) {
    await page.locator(`[id$="operation/${operationId}"]`).first().waitFor({ state: "attached" });
  }
  await page.locator('input[role="search"], .search-input').first().fill("refresh");
  await page.locator('[data-role="search:results"]').waitFor();
  await picture(page, "redoc");
  await check();
}

/** A page, and what says at the end that it was quiet and asked nobody else. */
async function open(path) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== base && protocol !== "data:" && protocol !== "blob:") complaints.push(`asks ${request.url()}`);
  });
  await page.goto(base + path, { waitUntil: "networkidle" });
  const check = async () => {
    await page.waitForLoadState("networkidle");
    assert.deepEqual(complaints, [], path);
    await page.close();
  };
  return { page, check };
}

async function picture(page, name) {
  if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

async function ready() {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`${base}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    assert.equal(service.exitCode, null, "the service ended");
    await new Promise((again) => setTimeout(again, 50));
  }
  assert.fail("the service is not ready");
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
