// Verifies the access token in each line of standard input, with a cached key set.
import { createInterface } from "node:readline";
import { createRemoteJWKSet, jwtVerify } from "jose";

const [issuer, cached] = process.argv.slice(2);
const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", issuer), {
  cacheMaxAge: Number(cached),
  // Never read for an unknown key, only when it is too old.
  cooldownDuration: Infinity,
});
for await (const token of createInterface({ input: process.stdin })) {
  try {
    await jwtVerify(token, keys, { issuer, audience: issuer, typ: "at+jwt", algorithms: ["ES256"] });
    console.log("accepted");
  } catch (error) {
    console.log(`${error.code ?? error.name}: ${error.message}`);
  }
}
