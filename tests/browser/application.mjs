// Puts an application around the service, see README.md: its name, its logo, its words, its pages behind the links in
// mails, and its place where pages lead.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { link, mailed } from "./mails.mjs";
import { picture, running, send, serving } from "./running.mjs";

const PASSWORD = "correct horse battery";
const NEW = "another horse battery";
/** A name that would be a program if a page or a mail took it for HTML. */
const NAME = `<img src=x onerror="document.title='run'"> & Co.`;

/** The page of the application behind the links in mails: it sends the token to the operation that its query names. */
const PAGE = `<!doctype html><html lang="en"><title>Application</title><link rel="icon" href="data:,"><p id="message">
<script>
  const query = new URLSearchParams(location.search);
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  const ask = async (base, path, body) => {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(base + "/api/v1/auth/" + path, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.text() };
  };
</script>`;

/** The words of an operator who also tries what the policy of the pages forbids. */
const OWN = `{% extends "layout.html" %}
{% block title %}A new password, please{% endblock %}
{% block form %}<form data-to="../api/v1/auth/password/reset" data-done="Thank you.">
<script>document.title = "run"</script>
<img src="FOREIGN/pixel.png" alt="">
<p style="position: fixed">Between {{ min_length }} and {{ max_length }} characters</p>
<label for="new-password">Yours</label><input id="new-password" name="new_password" type="password">
<button>Go</button></form>{% endblock %}`;
/** A form that would give the password to another host. */
const LEAK = `{% extends "layout.html" %}{% block title %}Leak{% endblock %}
{% block form %}<form data-to="FOREIGN/api/v1/auth/email/verify" data-done="Done." action="FOREIGN/steal" method="post">
<input name="password" aria-label="Password"><button>Go</button></form>{% endblock %}`;
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><script>console.error("run")</script><path d="M0 0h8v8H0z"/></svg>`;

const folder = await mkdtemp(join(tmpdir(), "svc-application-"));
const write = async (name, text) => {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), text);
};
const application = await serving(join(folder, "application"));
const origin = `http://127.0.0.1:${application.port}`;
try {
  await write("application/index.html", PAGE);
  await write("pages/en/reset_password.html", OWN.replace("FOREIGN", origin));
  await write("pages/en/verify_email.html", LEAK.replaceAll("FOREIGN", origin));
  await write("logo.svg", LOGO);
  const name = { SVC_SERVICE__NAME: NAME, SVC_SERVICE__LOGO: join(folder, "logo.svg"), SVC_SERVER__ALLOWED_ORIGINS: origin };
  const target = (path) => `${origin}/?path=${path}&lang={language}#token={token}`;
  await running(linksIntoTheApplication, {
    ...name,
    SVC_MAIL__LINKS__RESET_PASSWORD: target("password/reset"),
    SVC_MAIL__LINKS__INVITATION: target("invitation/accept"),
    SVC_MAIL__LINKS__VERIFY_EMAIL: target("email/verify"),
  });
  await running(ownPages, {
    ...name,
    SVC_ACCOUNT__RETURN_URL: `${origin}/?from=reset&again=1`,
    SVC_ACCOUNT__TEMPLATES: join(folder, "pages"),
  });
} finally {
  application.close();
  await rm(folder, { recursive: true });
}
console.log("an application has its own links, pages, words and name, and gives no other host a way in");

/** The application does what the pages of the service do, from its own origin. */
async function linksIntoTheApplication(service) {
  const { page, check } = await service.open("/", { origin, locale: "de-AT", expected: ["status of 422"] });
  const ask = (path, body) => page.evaluate(([base, path, body]) => ask(base, path, body), [service.base, path, body]);
  // The browser says which language its person reads.
  const user = { email: "ada@example.com", password: PASSWORD };
  const registered = await ask("register", user);
  assert.equal(JSON.parse(registered.body).locale, "de");
  assert.equal((await send(service, "POST", "/auth/password/forgot", { email: user.email })).status, 202);
  await service.run("user", "invite", "grace@example.com", "--locale", "en");

  const go = async (kind, to, path, language, body) => {
    const mail = await mailed(service, kind, to);
    const url = link(mail);
    assert.ok(url.startsWith(`${origin}/?path=${path}&lang=${language}#token=svcm_`), url);
    const reader = await service.browser.newPage();
    await reader.setContent(mail.html);
    assert.equal(await reader.locator("a.button").getAttribute("href"), url);
    assert.equal(await reader.locator("img").count(), 0, "the name is text");
    assert.ok((await reader.innerText("body")).includes(NAME) && mail.text.includes(NAME));
    await reader.close();
    // A page with the token of another mail is another document.
    await page.goto("about:blank");
    await page.goto(url);
    const token = await page.evaluate(() => token);
    assert.equal((await ask(path, { ...body, token })).status, 204, kind);
    assert.equal((await ask(path, { ...body, token })).status, 422, `${kind}, again`);
  };
  await go("verify_email", user.email, "email/verify", "de", { password: PASSWORD });
  await go("reset_password", user.email, "password/reset", "de", { new_password: NEW });
  await go("invitation", "grace@example.com", "invitation/accept", "en", { password: NEW });
  for (const email of [user.email, "grace@example.com"]) {
    assert.equal((await send(service, "POST", "/auth/login", { email, password: NEW })).status, 200);
  }
  await check();
}

/** The pages of the service have the words of an operator, whose mistakes open nothing. */
async function ownPages(service) {
  const user = { email: "ada@example.com", password: PASSWORD };
  assert.equal((await send(service, "POST", "/auth/register", user)).status, 201);
  assert.equal((await send(service, "POST", "/auth/password/forgot", { email: user.email })).status, 202);
  const url = link(await mailed(service, "reset_password", user.email));
  const expected = ["Content Security Policy"];
  const { page } = await service.open(url.slice(service.base.length), { expected });
  assert.equal(await page.title(), `A new password, please · ${NAME}`, "neither the name nor a script in a template runs");
  assert.equal(await page.innerText(".service"), NAME);
  assert.equal(await page.locator("img").count(), 2, "the logo, and that of the template");
  assert.ok(await page.locator(".service img").evaluate((image) => image.naturalWidth > 0), "the logo is shown");
  assert.equal(await page.locator("form p").innerText(), "Between 8 and 256 characters");
  assert.equal(await page.locator("form p").evaluate((text) => getComputedStyle(text).position), "static");
  await picture(page, "own-page");
  await page.getByLabel("Yours").fill(NEW);
  await page.getByRole("button").click();
  await page.locator("#message.done").filter({ hasText: "Thank you." }).waitFor();
  await page.getByRole("link").click();
  await page.waitForURL(`${origin}/?from=reset&again=1`);
  assert.equal(await page.evaluate(() => document.referrer), "", "the application does not learn where its person was");
  await page.close();

  // A language that the operator did not write has the words of the operator too.
  const german = await service.open("/account/reset-password?lang=de", { expected });
  assert.equal(await german.page.getAttribute("html", "lang"), "en");
  await german.page.close();

  // A form to another host, by the script of the page and without it.
  const leak = await service.open("/account/verify-email#token=svcm_x", { expected });
  const asked = [];
  leak.page.on("request", (request) => asked.push(request.url()));
  await leak.page.locator("input[name]").fill(PASSWORD);
  await leak.page.getByRole("button").click();
  await leak.page.locator("#message.refused").waitFor();
  await leak.page.evaluate(() => document.forms[0].submit());
  assert.deepEqual(asked.filter((url) => !url.startsWith(service.base)), []);
  await leak.page.close();

  // The logo by itself is an image whose script does not run (the browser also asks for an icon), and nothing of these pages is for a frame.
  const logo = await service.open("/account/logo", { expected: [...expected, "status of 404"] });
  await logo.check();
  for (const path of ["/account/verify-email", "/account/page.js", "/account/page.css", "/account/logo"]) {
    const { headers } = await fetch(service.base + path);
    const policy = headers.get("Content-Security-Policy");
    for (const rule of ["default-src 'none'", "script-src 'self'", "form-action 'none'", "frame-ancestors 'none'", "base-uri 'none'"]) {
      assert.ok(policy.includes(rule), `${path}: ${policy}`);
    }
    assert.doesNotMatch(policy, /unsafe|\*|http/, path);
    assert.equal(headers.get("X-Content-Type-Options"), "nosniff", path);
    assert.equal(headers.get("Referrer-Policy"), "no-referrer", path);
  }
}
