// Looks at every mail and every page behind a link in both languages, see README.md.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import axe from "axe-core";
import { link, mailed, token } from "./mails.mjs";
import { binary, picture, running, send } from "./running.mjs";

const MAILS = ["verify_email", "reset_password", "invitation", "confirm_email", "email_change_requested", "email_changed",
  "password_changed", "guessing_detected", "registration_repeated", "session_reuse_detected"];
const PAGES = ["verify-email", "confirm-email", "reset-password", "accept-invitation"];
/** The pages of which the owner of an address can say "This was not me". */
const DISOWNING = ["verify-email", "confirm-email"];
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
    SVC_REGISTRATION__REVEAL_EXISTING: "false",
  };
  await running(async (service) => {
    const consume = spawn(binary, ["consume", "--quiet"], { cwd: service.folder, env: service.env, stdio: "inherit" });
    try {
      await cause(service);
      for (const kind of MAILS) await lookAtMail(service, language, kind, (await mailed(service, kind)).html);
      for (const page of PAGES) await lookAtPage(service, language, page);
      await lookAtEnd(service, language);
    } finally {
      consume.kill();
      await new Promise((ended) => consume.once("exit", ended));
    }
  }, settings);
}
console.log("mails and pages fit a phone, and axe finds nothing, in both languages, light and dark");

/** Does what each mail is about. */
async function cause(service) {
  const post = (...request) => send(service, "POST", ...request);
  const logIn = (email) => post("/auth/login", { email, password: PASSWORD });
  const user = { email: "ada@example.com", password: PASSWORD, name: "Ada Lovelace" };
  assert.equal((await post("/auth/register", user)).status, 202);
  const verification = { token: token(await mailed(service, "verify_email", user.email)), password: PASSWORD };
  assert.equal((await post("/auth/email/verify", verification)).status, 204);
  assert.equal((await post("/auth/register", user)).status, 202);
  // Before the address changes: after that it would be free.
  await mailed(service, "registration_repeated", user.email);
  const first = (await logIn(user.email)).body;
  const second = (await post("/auth/refresh", { refresh_token: first.refresh_token })).body;
  await post("/auth/refresh", { refresh_token: second.refresh_token });
  assert.equal((await post("/auth/refresh", { refresh_token: first.refresh_token })).status, 401);
  const { access_token } = (await logIn(user.email)).body;
  const wanted = { new_email: "ada.lovelace.with.a.long.address@analytical-engines.example.org", password: PASSWORD };
  assert.equal((await post("/users/me/email", wanted, access_token)).status, 202);
  const confirmation = { token: token(await mailed(service, "confirm_email")), password: PASSWORD };
  assert.equal((await post("/auth/email/verify", confirmation)).status, 204);
  for (let tries = 0; tries < 3; tries++) await post("/auth/login", { email: wanted.new_email, password: "wrong password" });
  const { access_token: again } = (await logIn(wanted.new_email)).body;
  const changed = { current_password: PASSWORD, new_password: "another horse battery" };
  assert.equal((await post("/users/me/password", changed, again)).status, 204);
  // Last, because a new password ends the token of an earlier mail.
  assert.equal((await post("/auth/password/forgot", { email: wanted.new_email })).status, 202);
  await service.run("user", "invite", "grace.hopper.with.a.long.address@analytical-engines.example.org");
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
    if (DISOWNING.includes(name)) await page.click("summary");
    await look(page, language, `${shot}-refused`);
    await check();
  }
}

/** A page that is done leads to the application. */
async function lookAtEnd(service, language) {
  for (const colorScheme of ["light", "dark"]) {
    const email = `${colorScheme}@example.com`;
    await service.run("user", "invite", email, "--locale", language);
    const invitation = link(await mailed(service, "invitation", email));
    const { page, check } = await service.open(invitation.slice(service.base.length), { viewport, colorScheme });
    await page.fill("#password", PASSWORD);
    await page.click("form button");
    await page.locator("#message.done").waitFor();
    assert.equal(await page.getByRole("link").getAttribute("href"), "http://127.0.0.1:5173/");
    await look(page, language, `page-accept-invitation-${language}-${colorScheme}-done`);
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
