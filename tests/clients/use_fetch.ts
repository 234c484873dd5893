// Uses openapi-fetch with the types that openapi-typescript made.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./types";

const [email, password] = ["fetch@example.com", "correct horse battery"];
const stranger = createClient<paths>({ baseUrl: process.argv[2]! });

const { data: user } = await stranger.POST("/api/v1/auth/register", { body: { email, password } });
const name: string | null | undefined = user?.name;
assert.equal(name, null);
const { error } = await stranger.POST("/api/v1/auth/login", { body: { email, password: "not this one" } });
const code: components["schemas"]["Problem"]["code"] | undefined = error?.code;
assert.equal(code, "invalid_credentials");
const { data: pair } = await stranger.POST("/api/v1/auth/login", { body: { email, password } });

const headers = { authorization: `Bearer ${pair!.access_token}` };
const client = createClient<paths>({ baseUrl: process.argv[2]!, headers });
assert.deepEqual((await client.GET("/api/v1/users/me")).data, user);
assert.equal((await client.PATCH("/api/v1/users/me", { body: { name: "Fetch" } })).data?.name, "Fetch");
const users = await client.GET("/api/v1/users", { params: { query: { limit: 5 } } });
assert.equal(users.error?.code, "forbidden");
