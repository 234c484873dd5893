// Runs a real `svc serve` in an empty folder, and Chromium to open its pages.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

export const binary = resolve(process.env.SVC ?? join(import.meta.dirname, "../../target/debug/svc"));
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const screenshots = process.env.SCREENSHOTS;

/** Milliseconds after which a page has failed. No test passes earlier or later than what it waits for. */
const PATIENCE = 180_000;

/** Starts both, runs the test, and stops both. `settings` are variables of the environment of the service. */
export async function running(work, settings = {}) {
  const folder = await mkdtemp(join(tmpdir(), "svc-browser-"));
  const base = `http://127.0.0.1:${await freePort()}`;
  const env = { SVC_SERVER__LISTEN: new URL(base).host, ...settings };
  const service = spawn(binary, ["serve", "--quiet"], { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
  const stopped = new Promise((ended) => service.once("exit", ended));
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
  const stop = async () => {
    service.kill();
    await stopped;
  };
  const alive = () => assert.equal(service.exitCode ?? service.signalCode, null, "the service runs");
  /** Runs a command of the service in its folder, and gives the JSON that it prints. */
  const run = async (...words) => {
    const { stdout } = await promisify(execFile)(binary, [...words, "-o", "json"], { cwd: folder, env });
    return JSON.parse(stdout);
  };
  try {
    await ready(base, alive);
    await work({ base, folder, env, stop, browser, alive, run, open: (path, options) => open(browser, base, path, options) });
  } finally {
    await browser.close();
    await stop();
    await rm(folder, { recursive: true });
  }
}

/**
 * Opens a page of the service, or of another `origin`, in a browser of its own, or in a tab of `context`. Also returns a
 * function for the end of the test that checks that the page logged no error and sent no request to another host than
 * the service and its own. Chromium also logs error answers and failed requests to the console: `expected` are the texts
 * of those that the test causes.
 */
async function open(browser, base, path, { origin: own = base, context = browser, expected = [], ...look } = {}) {
  const page = await context.newPage(context === browser ? { viewport: { width: 1400, height: 1000 }, ...look } : {});
  // Another program may keep the machine busy.
  page.setDefaultTimeout(PATIENCE);
  const violations = [];
  page.on("console", (message) => {
    const isExpected = expected.some((text) => message.text().includes(text));
    if (message.type() === "error" && !isExpected) violations.push(message.text());
  });
  page.on("pageerror", (error) => violations.push(String(error)));
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== base && origin !== own && protocol !== "data:" && protocol !== "blob:") violations.push(`asks ${request.url()}`);
  });
  await page.goto(own + path, { waitUntil: "networkidle" });
  const check = async () => {
    await page.waitForLoadState("networkidle");
    assert.deepEqual(violations, [], path);
    await page.close();
  };
  return { page, check };
}

export async function picture(page, name) {
  if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

/** Waits as long as the service runs. */
async function ready(base, alive) {
  for (;;) {
    const answer = await fetch(`${base}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    alive();
    await new Promise((again) => setTimeout(again, 50));
  }
}

/** Sends JSON to an operation of the API. Returns the status, and the answer if it has one. */
export async function send({ base }, method, path, body, bearer) {
  const headers = { "Content-Type": "application/json", ...(bearer && { Authorization: `Bearer ${bearer}` }) };
  const answer = await fetch(`${base}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : undefined };
}

/** Serves the files of a folder on a port of its own, at several host names. Returns the port and a function that stops. */
export async function serving(folder) {
  const types = { ".html": "text/html", ".js": "text/javascript" };
  const server = createHttpServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://x");
    const path = pathname === "/" ? "/index.html" : pathname;
    const body = await readFile(join(folder, path)).catch(() => undefined);
    response.writeHead(body ? 200 : 404, { "Content-Type": types[extname(path)] ?? "text/plain" });
    response.end(body);
  });
  server.listen(0);
  await new Promise((listening) => server.once("listening", listening));
  return { port: server.address().port, close: () => server.close() };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
