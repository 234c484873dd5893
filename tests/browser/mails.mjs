// Reads the mails that the service wrote into its folder, see README.md.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** All mails of a service, oldest first: their kind, recipient, text and HTML. */
export async function mails({ folder }) {
  const names = await readdir(join(folder, "data/mail")).catch(() => []);
  const files = names.filter((name) => name.endsWith(".eml")).sort();
  return Promise.all(files.map(async (name) => {
    const mail = await readFile(join(folder, "data/mail", name), "utf8");
    const boundary = /boundary="([^"]+)"/.exec(mail)[1];
    const part = (type) => {
      const found = mail.split(`--${boundary}`).find((text) => text.includes(type));
      assert.match(found, /Content-Transfer-Encoding: 8bit/);
      return found.slice(found.indexOf("\r\n\r\n") + 4);
    };
    const [, kind] = /\.([a-z_]+)@/.exec(name);
    const [, to] = /^To: <?([^>\r]+)>?\r$/m.exec(mail);
    return { kind, to, text: part("text/plain"), html: part("text/html") };
  }));
}

/** The newest mail of a kind to an address. Waits for it as long as the service runs: it writes some after a random pause. */
export async function mailed(service, kind, to) {
  for (;;) {
    const found = (await mails(service)).findLast((mail) => mail.kind === kind && (!to || mail.to === to));
    if (found) return found;
    service.alive();
    await new Promise((again) => setTimeout(again, 50));
  }
}

/** The link in a mail: the one line of its text that is a URL with a token. */
export function link({ text }) {
  const [url] = /^https?:\S*svcm_[\w-]{43}\S*$/m.exec(text);
  return url;
}

/** The token in a mail. */
export function token(mail) {
  return /svcm_[\w-]{43}/.exec(link(mail))[0];
}
