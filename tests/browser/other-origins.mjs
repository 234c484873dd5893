// Drives the page of `examples/browser` from another port than the service, see README.md.

import assert from "node:assert/strict";
import { join } from "node:path";
import { picture, running, serving } from "./running.mjs";

const PASSWORD = "correct horse battery";
const TABS = 6;
/** The requests of each tab: 800 in all, and some. */
const REQUESTS = 134;

const server = await serving(join(import.meta.dirname, "../../examples/browser"));
const near = `http://127.0.0.1:${server.port}`;
/** The service is at 127.0.0.1, so this is another site. */
const far = `http://localhost:${server.port}`;
const settings = { SVC_SERVER__ALLOWED_ORIGINS: `${near},${far}`, SVC_SECURITY__TOKEN__ACCESS_LIFETIME: "3s" };

await running(async (service) => {
  for (const transport of ["cookie", "bearer"]) {
    await everything(service, near, transport);
    await sixTabs(service, transport);
  }
  await everything(service, far, "bearer");
  await anotherSite(service);
  console.log("pages of allowed origins do everything, and no other page does");
}, settings).finally(server.close);

/** Opens the page, and fills in the form. */
async function form({ base, open }, origin, transport, email, options) {
  const opened = await open("/", { origin, ...options });
  const { page } = opened;
  await page.getByLabel("URL of the service").fill(base);
  await page.getByLabel(transport === "cookie" ? "Tokens in cookies" : "Tokens in the page").check();
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  return opened;
}

async function press(page, button, expected) {
  await page.getByRole("button", { name: button, exact: true }).click();
  const message = page.locator("#message");
  await message.filter({ hasText: expected }).waitFor({ timeout: 120_000 }).catch(async () => {
    assert.fail(`${button}: ${await message.innerText()}`);
  });
}

async function everything(service, origin, transport) {
  const email = `${transport}.${new URL(origin).hostname}@example.com`;
  const { page, check } = await form(service, origin, transport, email, { expected: ["status of 401", "status of 409"] });
  await press(page, "Register", `Registered ${email}`);
  await press(page, "Register", "Another account has this email address");
  await press(page, "Log in", `Logged in as ${email}`);
  await page.getByLabel("Name").fill("Ada");
  await press(page, "Save the name", "Your name is Ada now");
  await page.getByLabel("How many").fill("5");
  await press(page, "Send", "5 of 5");
  await picture(page, `example-${transport}`);
  const readable = await page.evaluate(() => document.cookie + JSON.stringify(localStorage));
  assert.equal(/svcr_|access_token/.test(readable), transport === "bearer", "which tokens scripts can read");
  await press(page, "Log out", "Logged out");
  await press(page, "Save the name", "Logged out: ");
  await check();
}

/** All tabs have one session, whose access tokens live for three seconds. */
async function sixTabs(service, transport) {
  const context = await service.browser.newContext();
  const options = { context, expected: ["status of 401"] };
  const email = `${transport}.tabs@example.com`;
  const first = await form(service, near, transport, email, options);
  await press(first.page, "Register", "Registered");
  await press(first.page, "Log in", "Logged in");
  const others = Array.from({ length: TABS - 1 }, () => form(service, near, transport, email, options));
  const tabs = [first, ...(await Promise.all(others))];
  await Promise.all(tabs.map(async ({ page }) => {
    await page.getByLabel("How many").fill(String(REQUESTS));
    await page.getByLabel("Milliseconds").fill("60");
    await press(page, "Send", `${REQUESTS} of ${REQUESTS} answers were right`);
  }));
  const counts = await Promise.all(tabs.map(({ page }) => page.locator("#refreshes").innerText()));
  const refreshes = counts.map(Number).reduce((sum, count) => sum + count, 0);
  assert.ok(refreshes >= 2, `tokens expired in between: ${counts}`);
  console.log(`${transport}: ${TABS * REQUESTS} requests of ${TABS} tabs were right, with ${refreshes} refreshes`);
  for (const { check } of tabs) await check();
  await context.close();
}

/** Cookies do not go to another site, and the answer says what to use. */
async function anotherSite(service) {
  const email = "far@example.com";
  const { page, check } = await form(service, far, "cookie", email, { expected: ["status of 403"] });
  await press(page, "Register", "Registered");
  await press(page, "Log in", "Use the transport `bearer` instead");
  await check();
}
