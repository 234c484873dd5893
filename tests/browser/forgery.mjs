// Tries what pages of other origins can cause in the browser of a user who has logged in, see README.md.

import assert from "node:assert/strict";
import { join } from "node:path";
import { running, serving } from "./running.mjs";

/** The user of an attacker, whose page would log the other user in as this one. */
const EVE = { email: "eve@example.com", password: "another horse battery" };
const USER = { email: "ada@example.com", password: "correct horse battery" };
const folder = join(import.meta.dirname, "../../examples/browser");
const [good, evil] = [await serving(folder), await serving(folder)];
const allowed = `http://127.0.0.1:${good.port}`;

await running(async (service) => {
  const context = await service.browser.newContext();
  const tab = (origin) => service.open("/", { origin, context, expected: ["CORS", "status of 401", "status of 403", "status of 415", "net::ERR_FAILED"] });
  const { page } = await tab(allowed);
  assert.equal((await ask(page, service.base, "POST", "/api/v1/auth/register", USER)).status, 201);
  assert.equal((await ask(page, service.base, "POST", "/api/v1/auth/login", { ...USER, transport: "cookie" })).status, 204);
  assert.equal((await ask(page, service.base, "POST", "/api/v1/auth/register", EVE)).status, 201);
  const me = await ask(page, service.base, "GET", "/api/v1/users/me");
  assert.equal(me.body.email, USER.email);

  // Another port of the same host is the same site, so the browser sends the cookies. Another host is another site.
  for (const origin of [`http://127.0.0.1:${evil.port}`, `http://localhost:${evil.port}`]) {
    const { page: foreign } = await tab(origin);
    await readsNothing(foreign, service.base);
    await sendsNothing(foreign, service.base);
    await postsNoForm(foreign, origin, service.base);
    // A log-in as the other user would show here, and so would any change.
    assert.deepEqual(await ask(page, service.base, "GET", "/api/v1/users/me"), me, `${origin} changed nothing`);
    assert.equal((await ask(page, service.base, "POST", "/api/v1/auth/refresh")).status, 204);
  }
  await context.close();
  console.log("pages of other origins read nothing and change nothing");
}, { SVC_SERVER__ALLOWED_ORIGINS: allowed }).finally(() => [good, evil].map(({ close }) => close()));

/** Sends a request from the page. Returns `refused` where the browser does not let the page see the answer. */
function ask(page, base, method, path, json) {
  return page.evaluate(async ([url, method, json]) => {
    const body = json && { body: JSON.stringify(json), headers: { "Content-Type": "application/json" } };
    try {
      const answer = await fetch(url, { method, credentials: "include", ...body });
      return { status: answer.status, body: answer.headers.get("Content-Length") > 0 ? await answer.json() : undefined };
    } catch {
      return "refused";
    }
  }, [base + path, method, json]);
}

async function readsNothing(page, base) {
  for (const path of ["/api/v1/users/me", "/health/live", "/.well-known/jwks.json", "/openapi.json"]) {
    assert.equal(await ask(page, base, "GET", path), "refused", path);
  }
}

/** Neither a request with a preflight, nor a simple one, whose answer a page cannot see. The caller sees what they did. */
async function sendsNothing(page, base) {
  for (const [method, path, json] of [
    ["POST", "/api/v1/auth/login", { ...EVE, transport: "cookie" }],
    ["PATCH", "/api/v1/users/me", { name: "Eve" }],
    ["DELETE", "/api/v1/users/me", { password: USER.password }],
    ["POST", "/api/v1/auth/refresh", undefined],
    ["POST", "/api/v1/auth/logout", undefined],
    ["POST", "/api/v1/auth/logout-all", undefined],
  ]) {
    assert.equal(await ask(page, base, method, path, json), "refused", path);
  }
  for (const path of ["/api/v1/auth/login", "/api/v1/auth/refresh", "/api/v1/auth/logout", "/api/v1/auth/logout-all"]) {
    const type = await page.evaluate(async ([url, body]) => {
      const simple = { method: "POST", mode: "no-cors", credentials: "include", headers: { "Content-Type": "text/plain" } };
      return (await fetch(url, { ...simple, body })).type;
    }, [base + path, JSON.stringify({ ...EVE, transport: "cookie" })]).catch(() => "refused");
    assert.ok(["opaque", "refused"].includes(type), type);
  }
}

/** A form navigates, so the answer is the next page of the tab. */
async function postsNoForm(page, origin, base) {
  for (const path of ["/api/v1/auth/refresh", "/api/v1/auth/logout", "/api/v1/auth/logout-all"]) {
    for (const enctype of ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"]) {
      for (const referrerpolicy of ["", "no-referrer"]) {
        await page.goto(origin);
        const answered = page.waitForResponse((response) => response.url() === base + path);
        await page.evaluate(([action, enctype, policy]) => {
          document.head.innerHTML = `<meta name="referrer" content="${policy}">`;
          document.body.innerHTML = `<form method="post" action="${action}" enctype="${enctype}"><input name="a" value="b"></form>`;
          document.forms[0].submit();
        }, [base + path, enctype, referrerpolicy]);
        const status = (await answered).status();
        await page.waitForURL(base + path);
        // Without the cookies of another site, the request is not authenticated, or its body is not read.
        assert.ok([401, 403, 415].includes(status), `${path} ${enctype}: ${status}`);
        if (origin.includes("127.0.0.1")) assert.equal(status, 403, `${path} ${enctype}`);
      }
    }
  }
}
