// The session of a user in all tabs of an application. Two classes with the same methods, one for each
// transport: copy the one that you need.
//
// All tabs of one origin share the session, so they share its refresh too: a tab refreshes while it holds a
// lock, and looks first whether another tab has refreshed while it waited.

/** The answer of the service is a problem (RFC 9457). Branch on `code`, and show `message` to people. */
export class Problem extends Error {
  constructor(status, { code, detail, errors = [] }) {
    super([detail, ...errors.map((error) => `${error.pointer}: ${error.detail}`)].join(" "));
    this.status = status;
    this.code = code;
  }
}

/** There is no session, or it has ended: the user has to log in. */
export class LoggedOut extends Error {}

const LOCK = "svc session";
/** How often a request is sent when its token expires in between, and a refresh whose answer is lost. */
const TRIES = 5;
/** In seconds. The other tabs wait for the lock as long as this one does. */
const LONGEST_WAIT = 10;

class Session {
  /** How often this tab has got new tokens by a refresh. */
  refreshes = 0;

  constructor(service) {
    this.service = service;
  }

  /** Creates an account. It opens no session. */
  register(email, password) {
    return this.ask("/api/v1/auth/register", { method: "POST", json: { email, password } });
  }

  /** Sends a request, and returns its body; throws a Problem for an answer that is none of success. */
  async ask(path, options) {
    return read(await this.send(path, options));
  }

  /** Sends a request without a refresh. */
  send(path, { json, headers, ...options } = {}) {
    const body = json && { body: JSON.stringify(json) };
    const type = json && { "Content-Type": "application/json" };
    return fetch(this.service + path, { ...options, ...body, headers: { ...type, ...headers } });
  }

  /**
   * Sends the refresh. When the answer is lost, the same refresh token may be sent again, and gets the same
   * successor. So the session survives a network that fails for a moment.
   */
  async sendRefresh(options) {
    for (let tries = 1; ; tries++) {
      const answer = await this.send("/api/v1/auth/refresh", { method: "POST", ...options }).catch((error) => error);
      const isLost = answer instanceof Error || answer.status >= 500 || [408, 429].includes(answer.status);
      const seconds = Number(answer.headers?.get("Retry-After")) || 1;
      if (!isLost || tries === TRIES || seconds > LONGEST_WAIT) {
        if (answer instanceof Error) throw answer;
        if (answer.ok) this.refreshes += 1;
        return answer;
      }
      await wait(1000 * seconds);
    }
  }
}

/** The tokens are in cookies that no script can read, not even one that an attacker has put into the page. */
export class CookieSession extends Session {
  /** How often the tabs have got new cookies. The tokens themselves are not stored in the page. */
  #key = `svc refreshed ${this.service}`;

  send(path, options) {
    // Cookies also go to another origin of the same site.
    return super.send(path, { credentials: "include", ...options });
  }

  logIn(email, password) {
    return navigator.locks.request(LOCK, async () => {
      await this.ask("/api/v1/auth/login", { method: "POST", json: { email, password, transport: "cookie" } });
      this.#count();
    });
  }

  /** Ends the session. The service removes the cookies. */
  logOut() {
    return navigator.locks.request(LOCK, async () => {
      await this.ask("/api/v1/auth/logout", { method: "POST" });
    });
  }

  /** Sends a request of the user. The browser removes the cookie of an expired token, so the answer is 401 then. */
  async fetch(path, options) {
    for (let tries = 1; ; tries++) {
      const count = localStorage.getItem(this.#key);
      const answer = await this.send(path, options);
      if (answer.status !== 401 || tries === TRIES) return read(answer);
      await this.#refresh(count);
    }
  }

  /** Refreshes, unless another tab has done so since the request was sent. */
  #refresh(count) {
    return navigator.locks.request(LOCK, async () => {
      if (localStorage.getItem(this.#key) !== count) return;
      const answer = await this.sendRefresh();
      if (answer.status === 401) throw new LoggedOut((await problem(answer)).message);
      await read(answer);
      this.#count();
    });
  }

  #count() {
    localStorage.setItem(this.#key, Number(localStorage.getItem(this.#key)) + 1);
  }
}

/** The tokens are in the storage of the page, where each script of the page can read them. */
export class BearerSession extends Session {
  #key = `svc tokens ${this.service}`;

  /** Ends the session whose tokens are replaced: it would stay alive unused. */
  logIn(email, password) {
    return navigator.locks.request(LOCK, async () => {
      const pair = await this.ask("/api/v1/auth/login", { method: "POST", json: { email, password } });
      // The user has logged in, so a failure here refuses nothing; that session ends when it is idle.
      await this.#end().catch(() => {});
      this.#store(pair);
    });
  }

  logOut() {
    return navigator.locks.request(LOCK, () => this.#end());
  }

  /** Ends the session of the stored tokens, if there are any, and removes them. */
  async #end() {
    const pair = this.#stored();
    if (!pair) return;
    const json = { refresh_token: pair.refresh_token };
    const answer = await this.send("/api/v1/auth/logout", { method: "POST", json });
    if (answer.status !== 401) await read(answer);
    localStorage.removeItem(this.#key);
  }

  /** Sends a request of the user. A token that is about to expire is refreshed before. */
  async fetch(path, { headers, ...options } = {}) {
    for (let tries = 1; ; tries++) {
      let pair = this.#stored();
      if (!pair) throw new LoggedOut("Log in first.");
      if (Date.now() >= pair.refresh_at) pair = await this.#refresh(pair);
      const authorization = { Authorization: `Bearer ${pair.access_token}` };
      const answer = await this.send(path, { ...options, headers: { ...headers, ...authorization } });
      if (answer.status !== 401 || tries === TRIES) return read(answer);
      await this.#refresh(pair);
    }
  }

  /** Refreshes, unless another tab has replaced this pair. Returns the newest pair. */
  #refresh(old) {
    return navigator.locks.request(LOCK, async () => {
      const pair = this.#stored();
      if (!pair) throw new LoggedOut("Log in first.");
      if (pair.refresh_token !== old.refresh_token) return pair;
      const answer = await this.sendRefresh({ json: { refresh_token: pair.refresh_token } });
      if (answer.status === 401) {
        localStorage.removeItem(this.#key);
        throw new LoggedOut((await problem(answer)).message);
      }
      return this.#store(await read(answer));
    });
  }

  #stored() {
    return JSON.parse(localStorage.getItem(this.#key));
  }

  #store({ access_token, refresh_token, expires_in }) {
    // A third of the lifetime is left for slow clocks and slow networks.
    const pair = { access_token, refresh_token, refresh_at: Date.now() + expires_in * 667 };
    localStorage.setItem(this.#key, JSON.stringify(pair));
    return pair;
  }
}

/** Returns the body of a success, if it has one. */
async function read(answer) {
  if (!answer.ok) throw await problem(answer);
  return isOf(answer, "application/json") ? answer.json() : undefined;
}

/** A proxy in front of the service may answer in its own words, and 400, 414 and 431 may be empty. */
async function problem(answer) {
  const body = isOf(answer, "application/problem+json") ? await answer.json() : { detail: `Status ${answer.status}.` };
  return new Problem(answer.status, body);
}

const isOf = (answer, type) => answer.headers.get("Content-Type")?.split(";")[0].trim() === type;

export const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
