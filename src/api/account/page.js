"use strict";

/** The token of the link. */
let token = null;

/** Takes the token out of the fragment of the page's address, so that it does not stay in the history of the browser. */
function takeToken() {
  token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
}

// Before anything that may be missing in a template of an operator.
takeToken();

const forms = [...document.querySelectorAll("form")];
const buttons = [...document.querySelectorAll("button")];
/** The parts that go when a form is done: each form, and what it can be unfolded from. */
const parts = [...document.querySelectorAll("form, details")];
const message = document.querySelector("#message");
/** The link to the application, if there is one. */
const further = document.querySelector("#return");
const shown = document.querySelector("#show");
/** What codes mean, in the language of the page. */
const words = new Map([...document.querySelectorAll("#words li")].map((item) => [item.dataset.code, item.textContent]));
/** The one value that is typed. */
const field = document.querySelector("input[name]");

function say(text, kind) {
  message.className = kind;
  message.textContent = text;
}

/** Says what a code means in the language of the page, or as the API says it, in English. */
function explain({ code, detail }) {
  return words.get(code) ?? `${detail[0].toUpperCase()}${detail.slice(1).replace(/\.?$/, ".")}`;
}

/**
 * Says to people what a problem says: a wrong token by the whole, wrong values one by one. Gives where they go on: where
 * another value is typed, which the message describes, or the message.
 */
function refuse(problem) {
  const { errors = [] } = problem;
  const values = errors.filter(({ pointer }) => pointer !== "/token");
  if (values.length === 0) {
    const [first] = errors.filter(({ code }) => words.has(code));
    say(explain(first ?? problem), "refused");
    return message;
  }
  say([...new Set(values.map(explain))].join(" "), "refused");
  field?.setAttribute("aria-invalid", "true");
  field?.select();
  return field ?? message;
}

function missing() {
  for (const button of buttons) button.disabled = !token;
  say(token ? "" : words.get("incomplete"), token ? "" : "refused");
}

/** Gives what is to have the focus then. */
async function send(form) {
  const answer = await fetch(form.dataset.to, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...Object.fromEntries(new FormData(form)), token }),
  });
  if (answer.ok) {
    for (const part of parts) part.hidden = true;
    say(form.dataset.done, "done");
    if (further) further.hidden = false;
    return message;
  }
  return refuse(await answer.json());
}

for (const form of forms) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    for (const button of buttons) button.disabled = true;
    say("", "");
    field?.removeAttribute("aria-invalid");
    let next = message;
    try {
      next = await send(form);
    } catch {
      say(words.get("unreachable"), "refused");
    }
    for (const button of buttons) button.disabled = false;
    next.focus();
  });
}
shown?.addEventListener("change", () => {
  if (field) field.type = shown.checked ? "text" : "password";
});
// Another link may be opened in the same tab.
addEventListener("hashchange", () => {
  for (const part of parts) part.hidden = false;
  if (further) further.hidden = true;
  takeToken();
  missing();
});
missing();
