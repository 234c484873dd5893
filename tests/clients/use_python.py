"""Uses the client that openapi-generator made for Python."""

import sys

import openapi_client
from openapi_client.rest import ApiException

HOST, EMAIL, PASSWORD = sys.argv[1], "ada@example.com", "correct horse battery"


def code(call, *arguments, **named) -> str:
    """The code of the problem that a call is answered with."""
    try:
        call(*arguments, **named)
    except ApiException as error:
        return openapi_client.Problem.from_json(error.body).code
    raise AssertionError("the call succeeded")


with openapi_client.ApiClient(openapi_client.Configuration(host=HOST)) as stranger:
    auth = openapi_client.AuthApi(stranger)
    user = auth.register(openapi_client.RegisterBody(email=EMAIL, password=PASSWORD))
    assert (user.email, user.name, user.role) == (EMAIL, None, openapi_client.Role.USER)
    wrong = openapi_client.LogInBody(email=EMAIL, password="not this one")
    assert code(auth.log_in, wrong) == "invalid_credentials"
    pair = auth.log_in(openapi_client.LogInBody(email=EMAIL, password=PASSWORD))
    pair = auth.refresh(openapi_client.RefreshBody(refresh_token=pair.refresh_token))
    assert code(openapi_client.MeApi(stranger).show_me) == "invalid_token"

with openapi_client.ApiClient(openapi_client.Configuration(host=HOST, access_token=pair.access_token)) as client:
    me = openapi_client.MeApi(client)
    assert me.show_me() == user
    assert me.update_me(update_me_body=openapi_client.UpdateMeBody(name="Ada")).name == "Ada"
    sessions = openapi_client.SessionsApi(client).list_sessions()
    assert [session.current for session in sessions.items] == [True]
    assert code(openapi_client.UsersApi(client).list_users) == "forbidden"
    me.delete_me(openapi_client.DeleteMeBody(password=PASSWORD))
    assert code(me.show_me) == "invalid_token"
