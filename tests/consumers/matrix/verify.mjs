// The libraries of Node.js. See matrix.py for what goes in and out.
import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// The packages are where the script says, not above this file.
const require = createRequire(`${process.argv[2]}/package.json`);
const given = JSON.parse(readFileSync(0, "utf8"));
const { issuer, audience, algorithm, jwks_uri: jwksUri } = given;
const keySet = await (await fetch(jwksUri)).json();
const keyOf = (kid) => {
  const key = keySet.keys.find((key) => key.kid === kid);
  if (!key) throw new Error("unknown kid");
  return createPublicKey({ key, format: "jwk" });
};
const demand = (holds) => {
  if (!holds) throw new Error("refused");
};
const header = (token) => JSON.parse(Buffer.from(token.split(".")[0], "base64url"));

const libraries = {
  jose: {
    byHand: [],
    make() {
      const { createRemoteJWKSet, jwtVerify } = require("jose");
      const keys = createRemoteJWKSet(new URL(jwksUri), { cooldownDuration: 0 });
      const options = { algorithms: [algorithm], typ: "at+jwt", issuer, audience, clockTolerance: 30 };
      return (token) => jwtVerify(token, keys, { ...options, requiredClaims: ["exp", "iat", "sub"] });
    },
  },
  jsonwebtoken: {
    byHand: ["typ", "exp is there"],
    with: "jwks-rsa",
    make() {
      const jwt = require("jsonwebtoken");
      const { JwksClient } = require("jwks-rsa");
      const client = new JwksClient({ jwksUri });
      const key = ({ kid }, done) =>
        client.getSigningKey(kid).then((key) => done(null, key.getPublicKey()), (error) => done(error));
      const options = { algorithms: [algorithm], issuer, audience, clockTolerance: 30, complete: true };
      return async (token) => {
        const verified = await new Promise((resolve, reject) =>
          jwt.verify(token, key, options, (error, value) => (error ? reject(error) : resolve(value))));
        demand(verified.header.typ === "at+jwt" && verified.payload.exp);
      };
    },
  },
  "fast-jwt": {
    byHand: ["kid"],
    make() {
      const { createVerifier } = require("fast-jwt");
      const verify = createVerifier({
        key: async ({ header: { kid } }) => keyOf(kid).export({ type: "spki", format: "pem" }),
        algorithms: [algorithm],
        checkTyp: "at+jwt",
        allowedIss: issuer,
        allowedAud: audience,
        clockTolerance: 30_000,
        requiredClaims: ["exp", "iat", "iss", "aud", "sub"],
      });
      return (token) => verify(token);
    },
  },
  "aws-jwt-verify": {
    byHand: ["alg", "typ", "exp is there"],
    make() {
      const { JwtVerifier } = require("aws-jwt-verify");
      const verifier = JwtVerifier.create({ issuer, audience, jwksUri, graceSeconds: 30 });
      verifier.cacheJwks(keySet);
      return async (token) => {
        const payload = await verifier.verify(token);
        demand(header(token).typ === "at+jwt" && header(token).alg === algorithm && payload.exp);
      };
    },
  },
  oauth4webapi: {
    byHand: [],
    make() {
      const oauth = require("oauth4webapi");
      const server = { issuer, jwks_uri: jwksUri };
      const options = { [oauth.allowInsecureRequests]: true, signingAlgorithms: [algorithm], [oauth.clockTolerance]: 30 };
      return (token) => {
        const headers = { authorization: `Bearer ${token}` };
        return oauth.validateJwtAccessToken(server, new Request("http://localhost/", { headers }), audience, options);
      };
    },
  },
};

const results = {};
for (const [name, { byHand, make, with: second }] of Object.entries(libraries)) {
  const manifest = JSON.parse(readFileSync(`${process.argv[2]}/node_modules/${name}/package.json`));
  const title = second ? `${name} with ${second}` : name;
  const result = { version: manifest.version, by_hand: byHand, accepted: [], errors: {} };
  results[title] = result;
  const verify = make();
  for (const [tokenName, token] of Object.entries(given.tokens)) {
    try {
      await verify(token);
      result.accepted.push(tokenName);
    } catch (error) {
      result.errors[tokenName] = `${error.name}: ${error.message}`;
    }
  }
}
process.stdout.write(JSON.stringify({ language: "Node.js", libraries: results }));
process.exit(0);
