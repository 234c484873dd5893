import { BearerSession, CookieSession, LoggedOut, wait } from "./session.js";

const ME = "/api/v1/users/me";
const [account, profile, load] = ["#account", "#name", "#load"].map((form) => document.querySelector(form));
const fields = account.elements;
const sessions = new Map();

// A page on localhost and a service on 127.0.0.1 are two sites, so the host is the same here.
fields.service.value = `http://${location.hostname}:8000`;

/** The session that the form describes. */
function session() {
  const [service, transport] = [fields.service.value.replace(/\/$/, ""), fields.transport.value];
  const key = `${transport} ${service}`;
  if (!sessions.has(key)) sessions.set(key, new { bearer: BearerSession, cookie: CookieSession }[transport](service));
  return sessions.get(key);
}

const say = (text) => {
  document.querySelector("#message").textContent = text;
};
const show = (id, value) => {
  document.querySelector(id).textContent = value;
};

const actions = {
  async register() {
    const user = await session().register(fields.email.value, fields.password.value);
    return `Registered ${user.email}. Log in now.`;
  },
  async log_in() {
    await session().logIn(fields.email.value, fields.password.value);
    const user = await session().fetch(ME);
    profile.elements.name.value = user.name ?? "";
    return `Logged in as ${user.email}.`;
  },
  async log_out() {
    await session().logOut();
    return "Logged out.";
  },
};

/** Runs what a form does, and says the result. */
function on(form, run) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    try {
      say(await run(event.submitter));
    } catch (error) {
      say(explained(error));
    }
  });
}

function explained(error) {
  if (error instanceof LoggedOut) return `Logged out: ${error.message}`;
  // The browser gives a page no other reason.
  if (error instanceof TypeError) return "The service could not be reached, or it does not allow this page.";
  return error.message;
}

on(account, (button) => actions[button?.value ?? "log_in"]());
on(profile, async () => {
  const json = { name: profile.elements.name.value.trim() || null };
  const user = await session().fetch(ME, { method: "PATCH", json });
  return user.name ? `Your name is ${user.name} now.` : "You have no name now.";
});
on(load, async () => {
  const [count, pause] = [load.elements.count.value, load.elements.pause.value].map(Number);
  let [right, wrong] = [0, 0];
  for (let sent = 0; sent < count; sent++) {
    try {
      await session().fetch(ME);
      right += 1;
    } catch (error) {
      wrong += 1;
      say(explained(error));
    }
    show("#right", right);
    show("#wrong", wrong);
    show("#refreshes", session().refreshes);
    await wait(pause);
  }
  return `${right} of ${count} answers were right.`;
});
