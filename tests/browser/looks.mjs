// Looks at every mail and every page behind a link in both languages, see README.md.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import axe from "axe-core";
import { binary, picture, running } from "./running.mjs";

const MAILS = ["verify_email", "reset_password", "confirm_email", "email_change_requested", "email_changed",
  "password_changed", "guessing_detected", "session_reuse_detected"];
const PAGES = ["verify-email", "confirm-email", "reset-password"];
const PASSWORD = "correct horse battery";
/** As narrow as a phone. */
const viewport = { width: 375, height: 700 };
const TOKEN = "svcm_0Zj2bojQh1EOAIUbeQ7B4pcMvLpWoeKtLTdHYUxVWL0";

for (const language of ["en", "de"]) {
  const settings = {
    SVC_SERVICE__LANGUAGE: language,
    SVC_SERVICE__NAME: "Ada & Co.",
    SVC_ACCOUNT__RETURN_URL: "http://127.0.0.1:5173/",
    SVC_LIMITS__BUDGETS__ACCOUNT_FAILURES: "1/1h",
  };
  await running(async (service) => {
    const consume = spawn(binary, ["consume", "--quiet"], { cwd: service.folder, env: service.env, stdio: "inherit" });
    try {
      await cause(service);
      const mails = await arrived(service);
      for (const kind of MAILS) await lookAtMail(service, language, kind, mails.get(kind));
      for (const page of PAGES) await lookAtPage(service, language, page);
    } finally {
      consume.kill();
      await new Promise((ended) => consume.once("exit", ended));
    }
  }, settings);
}
console.log("mails and pages fit a phone, and axe finds nothing, in both languages, light and dark");

/** Does what each mail is about. */
async function cause({ base, folder }) {
  const send = async (path, body, bearer) => {
    const headers = { "Content-Type": "application/json", ...(bearer && { Authorization: `Bearer ${bearer}` }) };
    const answer = await fetch(`${base}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: answer.status, ...(answer.status === 200 ? await answer.json() : {}) };
  };
  const user = { email: "ada@example.com", password: PASSWORD, name: "Ada Lovelace" };
  assert.equal((await send("/auth/register", user)).status, 201);
  const first = await send("/auth/login", { email: user.email, password: PASSWORD });
  const second = await send("/auth/refresh", { refresh_token: first.refresh_token });
  await send("/auth/refresh", { refresh_token: second.refresh_token });
  assert.equal((await send("/auth/refresh", { refresh_token: first.refresh_token })).status, 401);
  const { access_token } = await send("/auth/login", { email: user.email, password: PASSWORD });
  const wanted = { new_email: "ada.lovelace.with.a.long.address@analytical-engines.example.org", password: PASSWORD };
  assert.equal((await send("/users/me/email", wanted, access_token)).status, 202);
  const confirm = (await arrived({ folder }, "confirm_email")).get("confirm_email");
  const token = /svcm_[\w-]{43}/.exec(confirm)[0];
  assert.equal((await send("/auth/email/verify", { token, password: PASSWORD })).status, 204);
  for (let tries = 0; tries < 3; tries++) await send("/auth/login", { email: wanted.new_email, password: "wrong password" });
  const { access_token: again } = await send("/auth/login", { email: wanted.new_email, password: PASSWORD });
  const changed = { current_password: PASSWORD, new_password: "another horse battery" };
  assert.equal((await send("/users/me/password", changed, again)).status, 204);
  // Last, because a new password ends the token of an earlier mail.
  assert.equal((await send("/auth/password/forgot", { email: wanted.new_email })).status, 202);
}

/** The HTML of each kind of mail, once these have arrived. */
async function arrived({ folder }, ...kinds) {
  const wanted = kinds.length > 0 ? kinds : MAILS;
  for (let tries = 0; tries < 600; tries++) {
    const mails = new Map();
    for (const file of await readdir(join(folder, "data/mail")).catch(() => [])) {
      const kind = /\.([a-z_]+)@/.exec(file)?.[1];
      if (kind && file.endsWith(".eml")) mails.set(kind, html(await readFile(join(folder, "data/mail", file), "utf8")));
    }
    if (wanted.every((kind) => mails.has(kind))) return mails;
    await new Promise((again) => setTimeout(again, 50));
  }
  assert.fail(`only these mails arrived: ${(await readdir(join(folder, "data/mail"))).join(", ")}`);
}

/** The HTML part of a mail. */
function html(mail) {
  const boundary = /boundary="([^"]+)"/.exec(mail)[1];
  const part = mail.split(`--${boundary}`).find((text) => text.includes("text/html"));
  assert.match(part, /Content-Transfer-Encoding: 8bit/);
  return part.slice(part.indexOf("\r\n\r\n") + 4);
}

async function lookAtMail({ browser }, language, kind, text) {
  for (const colorScheme of ["light", "dark"]) {
    const page = await browser.newPage({ viewport, colorScheme });
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.setContent(text);
    assert.deepEqual(asked, [], `${kind} loads something`);
    await look(page, language, `mail-${kind}-${language}-${colorScheme}`);
    await page.close();
  }
}

async function lookAtPage({ open }, language, name) {
  for (const colorScheme of ["light", "dark"]) {
    const { page, check } = await open(`/account/${name}?lang=${language}#token=${TOKEN}`, { viewport, colorScheme, expected: ["422"] });
    const shot = `page-${name}-${language}-${colorScheme}`;
    await look(page, language, shot);
    await page.fill("input[name]", "another horse battery");
    await page.click("form button");
    await page.locator("#message.refused").waitFor();
    if (language === "de") assert.match(await page.innerText("#message"), /nicht mehr gültig/);
    if (name !== "reset-password") await page.click("summary");
    await look(page, language, `${shot}-refused`);
    await check();
  }
}

/** Checks what an application can look like to people. */
async function look(page, language, name) {
  assert.equal(await page.getAttribute("html", "lang"), language, name);
  assert.notEqual(await page.title(), "", name);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= viewport.width, `${name} is ${width} pixels wide`);
  await picture(page, name);
  await page.evaluate(axe.source);
  // The heading of a mail is its subject, which the mail program shows.
  const rules = { "page-has-heading-one": { enabled: !name.startsWith("mail-") } };
  const { violations } = await page.evaluate((rules) => window.axe.run({ rules }), rules);
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  assert.deepEqual(found, [], name);
}
