// Uses the client that hey-api made.
import assert from "node:assert/strict";
import { client } from "./hey/client.gen";
import { deleteMe, listSessions, listUsers, logIn, refresh, register, showMe, updateMe } from "./hey/sdk.gen";
import type { User } from "./hey/types.gen";

const [email, password] = ["hey@example.com", "correct horse battery"];
client.setConfig({ baseUrl: process.argv[2]! });

const registered = await register({ body: { email, password } });
// 201 with the user, where the settings do not hide whether an address is taken; otherwise 202 without a body.
assert.equal(registered.response?.status, 201);
const user = registered.data as User;
assert.equal(user.email, email);
assert.equal(user.name, null);
const refused = await logIn({ body: { email, password: "not this one" } });
assert.equal(refused.error?.code, "invalid_credentials");
const pair = await logIn({ body: { email, password } });
const next = await refresh({ body: { refresh_token: pair.data!.refresh_token } });
assert.equal((await showMe()).error?.code, "invalid_token");

client.setConfig({ auth: () => next.data!.access_token });
assert.deepEqual((await showMe()).data, user);
assert.equal((await updateMe({ body: { name: "Hey" } })).data?.name, "Hey");
assert.deepEqual((await listSessions()).data?.items.map((session) => session.current), [true]);
assert.equal((await listUsers()).error?.code, "forbidden");
assert.equal((await deleteMe({ body: { password } })).response?.status, 204);
