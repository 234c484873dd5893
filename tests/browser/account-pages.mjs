// Opens the pages that mails link to in Chromium, see README.md.

import assert from "node:assert/strict";
import { link, mailed } from "./mails.mjs";
import { picture, running, send } from "./running.mjs";

const EMAIL = "ada@example.com";
const OLD = "correct horse battery";
const NEW = "another horse battery";

await running(async (service) => {
  const { base } = service;
  const post = (...request) => send(service, "POST", ...request);
  /** The path, query and fragment of the link in a mail. */
  const linked = async (kind, to) => {
    const url = link(await mailed(service, kind, to));
    assert.ok(url.startsWith(`${base}/account/`), url);
    return url.slice(base.length);
  };
  const says = (page, kind) => page.locator(`#message.${kind}`).innerText();

  assert.equal((await post("/auth/register", { email: EMAIL, password: OLD })).status, 201);
  const verify = await linked("verify_email", EMAIL);
  let { page, check } = await service.open(verify, { expected: ["422"] });
  await picture(page, "verify-email");
  assert.equal(page.url(), `${base}/account/verify-email?lang=en`, "the token does not stay in the history");
  // With the keyboard alone, from a wrong password to the right one.
  await page.keyboard.type("incorrect horse battery");
  await page.keyboard.press("Enter");
  assert.match(await says(page, "refused"), /not the password/);
  await page.locator("#password[aria-invalid=true]:focus").waitFor();
  await page.keyboard.type(OLD);
  await page.keyboard.press("Enter");
  assert.match(await says(page, "done"), /email address is verified/);
  assert.equal(page.url(), `${base}/account/verify-email?lang=en`);
  await check();

  ({ page, check } = await service.open(verify, { expected: ["422"] }));
  await page.keyboard.type(OLD);
  await page.keyboard.press("Enter");
  assert.match(await says(page, "refused"), /no longer valid/);
  await check();

  ({ page, check } = await service.open("/account/verify-email"));
  assert.match(await says(page, "refused"), /whole link from the mail/);
  assert.ok(await page.isDisabled("button"));
  await check();

  // The owner of an address with which another person has registered.
  const stranger = { email: "grace@example.com", password: OLD };
  assert.equal((await post("/auth/register", stranger)).status, 201);
  ({ page, check } = await service.open(await linked("verify_email", stranger.email)));
  await page.click("summary");
  await picture(page, "disown-account");
  await page.click("details button");
  assert.match(await says(page, "done"), /can no longer be used/);
  assert.ok(await page.isHidden("details"));
  await check();
  assert.equal((await post("/auth/login", stranger)).status, 401);

  assert.equal((await post("/auth/password/forgot", { email: EMAIL })).status, 202);
  const reset = await linked("reset_password", EMAIL);
  ({ page, check } = await service.open(reset, { colorScheme: "dark", expected: ["422"] }));
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

  const { access_token } = (await post("/auth/login", { email: EMAIL, password: NEW })).body;
  const wanted = { new_email: "ada@example.org", password: NEW };
  assert.equal((await post("/users/me/email", wanted, access_token)).status, 202);
  const confirm = await linked("confirm_email", wanted.new_email);
  ({ page, check } = await service.open(confirm, { viewport: { width: 360, height: 640 }, expected: ["ERR_CONNECTION_REFUSED"] }));
  await picture(page, "confirm-email");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, "nothing is cut off");
  await page.keyboard.type(NEW);
  await page.keyboard.press("Enter");
  assert.match(await says(page, "done"), /was changed/);
  assert.equal((await post("/auth/login", { email: "ada@example.org", password: NEW })).status, 200);

  await invitations(service, linked, says);

  // Another link in the same tab has another token; and the service may be unreachable.
  await page.evaluate(() => { location.hash = "token=other"; });
  await page.locator("form").first().waitFor();
  assert.equal(page.url(), `${base}/account/confirm-email?lang=en`, "nor does that of another link");
  await service.stop();
  await page.locator("#password").fill(NEW);
  await page.click("button");
  assert.match(await says(page, "refused"), /could not be reached/);
  await check();
  console.log("the pages of mails work and ask no other host");
});

/** An administrator invites a person, who sets a password once. */
async function invitations(service, linked, says) {
  const grace = { email: "grace.hopper@example.com", name: "Grace", locale: "de", invite: true };
  await service.run("user", "invite", "root@example.com", "--role", "admin");
  const { access_token } = await service.run("issue-token", "--user", "root@example.com");
  const { status, body } = await send(service, "POST", "/users", grace, access_token);
  assert.equal(status, 201);
  const invited = await linked("invitation", grace.email);
  const hans = { email: "hans@example.com", invite: true };
  assert.equal((await send(service, "POST", "/users", hans, access_token)).status, 201);
  const revoked = await linked("invitation", hans.email);

  // The browser asks for English, and the link is in the language of the user.
  const options = { locale: "en-GB", expected: ["422"] };
  let { page, check } = await service.open(invited, options);
  assert.equal(page.url(), `${service.base}/account/accept-invitation?lang=de`, "the token does not stay in the history");
  assert.equal(await page.getAttribute("html", "lang"), "de");
  await picture(page, "accept-invitation");
  await page.keyboard.type("password1");
  await page.keyboard.press("Enter");
  assert.match(await says(page, "refused"), /häufig/);
  await page.locator("#password[aria-invalid=true]:focus").waitFor();
  await page.keyboard.type(OLD);
  await page.keyboard.press("Enter");
  assert.match(await says(page, "done"), /Konto ist bereit/);
  await check();
  const pair = await send(service, "POST", "/auth/login", { email: grace.email, password: OLD });
  const user = await send(service, "GET", "/users/me", undefined, pair.body.access_token);
  assert.equal(user.body.id, body.id);
  assert.ok(user.body.email_verified, "the link shows that the address belongs to the user");

  // Neither a second time, nor after an administrator has revoked it.
  const { body: page1 } = await send(service, "GET", "/invitations", undefined, access_token);
  const { id } = page1.items.find(({ email }) => email === hans.email);
  assert.equal((await send(service, "DELETE", `/invitations/${id}`, undefined, access_token)).status, 204);
  for (const ended of [invited, revoked]) {
    ({ page, check } = await service.open(ended, options));
    await page.keyboard.type(NEW);
    await page.keyboard.press("Enter");
    assert.match(await says(page, "refused"), /Einladung ist nicht mehr gültig|invitation is no longer valid/);
    await check();
  }
  assert.equal((await send(service, "POST", "/auth/login", { email: grace.email, password: NEW })).status, 401);
}
