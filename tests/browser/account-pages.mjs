// Opens the pages that mails link to in Chromium, see README.md.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHmac, hkdfSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { binary, picture, running } from "./running.mjs";

const EMAIL = "ada@example.com";
const OLD = "correct horse battery";
const NEW = "another horse battery";

await running(async (service) => {
  const { base, open } = service;
  const key = await mailKey(service);
  const link = async (path, type, purpose) => `${path}#token=${await token(service, key, type, purpose)}`;
  const says = (page, kind) => page.locator(`#message.${kind}`).innerText();

  assert.equal((await post(base, "/api/v1/auth/register", { email: EMAIL, password: OLD })).status, 201);
  const verify = await link("/account/verify-email", "user.registered", "verify_email");
  let { page, check } = await open(verify, { expected: ["422"] });
  await picture(page, "verify-email");
  assert.equal(page.url(), `${base}/account/verify-email`, "the token does not stay in the history");
  // With the keyboard alone, from a wrong password to the right one.
  await page.keyboard.type("incorrect horse battery");
  await page.keyboard.press("Enter");
  assert.match(await says(page, "refused"), /not the password/);
  await page.locator("#password[aria-invalid=true]:focus").waitFor();
  await page.keyboard.type(OLD);
  await page.keyboard.press("Enter");
  assert.match(await says(page, "done"), /email address is verified/);
  assert.equal(page.url(), `${base}/account/verify-email`);
  await check();

  ({ page, check } = await open(verify, { expected: ["422"] }));
  await page.keyboard.type(OLD);
  await page.keyboard.press("Enter");
  assert.match(await says(page, "refused"), /no longer valid/);
  await check();

  ({ page, check } = await open("/account/verify-email"));
  assert.match(await says(page, "refused"), /whole link from the mail/);
  assert.ok(await page.isDisabled("button"));
  await check();

  // The owner of an address with which another person has registered.
  const stranger = { email: "grace@example.com", password: OLD };
  assert.equal((await post(base, "/api/v1/auth/register", stranger)).status, 201);
  ({ page, check } = await open(await link("/account/verify-email", "user.registered", "verify_email")));
  await page.click("summary");
  await picture(page, "disown-account");
  await page.click("details button");
  assert.match(await says(page, "done"), /can no longer be used/);
  assert.ok(await page.isHidden("details"));
  await check();
  assert.equal((await post(base, "/api/v1/auth/login", stranger)).status, 401);

  assert.equal((await post(base, "/api/v1/auth/password/forgot", { email: EMAIL })).status, 202);
  const reset = await link("/account/reset-password", "user.password_reset_requested", "reset_password");
  ({ page, check } = await open(reset, { colorScheme: "dark", expected: ["422"] }));
  // With the keyboard alone: the field has the focus, even after an error, and new input replaces the old.
  const { keyboard } = page;
  await keyboard.type("password1");
  await keyboard.press("Enter");
  assert.match(await says(page, "refused"), /too common/);
  await page.locator("#new-password[aria-invalid=true]:focus").waitFor();
  await keyboard.press("Tab");
  await keyboard.press("Space");
  assert.equal(await page.getAttribute("#new-password", "type"), "text");
  await picture(page, "reset-password");
  await keyboard.press("Shift+Tab");
  await keyboard.type(NEW);
  for (const _ of ["show", "button"]) await keyboard.press("Tab");
  await keyboard.press("Enter");
  assert.match(await says(page, "done"), /new password is set/);
  await check();

  const { access_token } = await (await post(base, "/api/v1/auth/login", { email: EMAIL, password: NEW })).json();
  const wanted = { new_email: "ada@example.org", password: NEW };
  assert.equal((await post(base, "/api/v1/users/me/email", wanted, access_token)).status, 202);
  const confirm = await link("/account/confirm-email", "user.email_change_requested", "change_email");
  ({ page, check } = await open(confirm, { viewport: { width: 360, height: 640 }, expected: ["ERR_CONNECTION_REFUSED"] }));
  await picture(page, "confirm-email");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, "nothing is cut off");
  await page.keyboard.type(NEW);
  await page.keyboard.press("Enter");
  assert.match(await says(page, "done"), /was changed/);
  assert.equal((await post(base, "/api/v1/auth/login", { email: "ada@example.org", password: NEW })).status, 200);

  // Another link in the same tab has another token; and the service may be unreachable.
  await page.evaluate(() => { location.hash = "token=other"; });
  await page.locator("form").first().waitFor();
  assert.equal(page.url(), `${base}/account/confirm-email`, "nor does that of another link");
  await service.stop();
  await page.locator("#password").fill(NEW);
  await page.click("button");
  assert.match(await says(page, "refused"), /could not be reached/);
  await check();
  console.log("the pages of mails work and ask no other host");
});

function post(base, path, body, bearer) {
  const headers = { "Content-Type": "application/json", ...(bearer && { Authorization: `Bearer ${bearer}` }) };
  return fetch(base + path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** Derives the key of tokens, as `src/adapters/tokens/mail.rs` does. */
async function mailKey({ folder }) {
  const secret = (await readFile(join(folder, "data/secret.key"), "utf8")).trim();
  return Buffer.from(hkdfSync("sha256", secret, "", "svc mail-token v1", 32));
}

/** Returns the token for the newest event of a type. The worker answers some requests for mails after a random pause. */
async function token({ folder, env }, key, type, purpose) {
  let newest;
  for (let tries = 0; !newest && tries < 600; tries++) {
    if (tries > 0) await new Promise((again) => setTimeout(again, 50));
    const list = execFileSync(binary, ["event", "list", "--type", type, "-o", "json"], { cwd: folder, env });
    newest = JSON.parse(list)[0];
  }
  const id = Buffer.from(newest.id.replaceAll("-", ""), "hex");
  const mac = createHmac("sha256", key).update(`${purpose}\0`).update(id).digest("base64url");
  return `svcm_${mac}`;
}
