"""Libraries that find the keys of the service by its issuer: they read the metadata, and verify a token."""

import asyncio
import contextlib
import json
import os
import sys
import warnings

# The lab has no TLS.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import authlib.deprecate  # noqa: F401 - it sets a filter of its own
import jwt

warnings.simplefilter("ignore")

from authlib.integrations.starlette_client import OAuth
from authlib.oauth2.rfc8414 import get_well_known_url as of_oauth
from authlib.oidc.discovery import OpenIDProviderMetadata
from authlib.oidc.discovery import get_well_known_url as of_openid
from joserfc.jwk import KeySet
from joserfc.jwt import decode
from oauthlib.oauth2 import MetadataEndpoint

import lab

# What validators of complete providers ask for, and the service does not have: endpoints, and RS256 always.
ABSENT = {"token_endpoint", "response_types_supported", "id_token_signing_alg_values_supported"}


def authlib_validates(metadata: dict) -> None:
    """Each member passes, but for those that only a complete provider has."""
    document = OpenIDProviderMetadata(metadata)
    refused = set()
    for name in document.REGISTRY_KEYS:
        validate = getattr(document, "validate_" + name, None)
        try:
            if validate:
                validate()
        except ValueError:
            refused.add(name)
    assert refused <= ABSENT, refused - ABSENT


async def authlib_discovers(url: str) -> tuple[dict, dict]:
    client = OAuth().register("svc", client_id="orders", server_metadata_url=url)
    return await client.load_server_metadata(), await client.fetch_jwk_set()


def check(algorithm: str) -> None:
    with contextlib.ExitStack() as stack:
        made = lab.Lab(stack, algorithm)
        urls = [of_openid(made.issuer, external=True), of_oauth(made.issuer, external=True)]
        documents = [json.loads(lab.get(url)[1]) for url in urls]
        assert documents[0] == documents[1], documents
        metadata = documents[0]
        authlib_validates(metadata)
        for url in urls:
            loaded, keys = asyncio.run(authlib_discovers(url))
            assert loaded["issuer"] == made.issuer
            claims = decode(made.good, KeySet.import_key_set(keys), algorithms=[algorithm]).claims
            assert claims["sub"] == made.subject
        print(f"Authlib with {algorithm}: {len(urls)} documents")
        # Raises a ValueError for a member of a wrong form.
        assert MetadataEndpoint([], metadata).claims["jwks_uri"] == metadata["jwks_uri"]
        print(f"oauthlib with {algorithm}: the metadata is valid")
        # As the documentation of PyJWT does: the algorithms come from the metadata.
        key = jwt.PyJWKClient(metadata["jwks_uri"]).get_signing_key_from_jwt(made.good)
        algorithms = metadata["id_token_signing_alg_values_supported"]
        claims = jwt.decode(made.good, key, algorithms=algorithms, audience=made.issuer, issuer=metadata["issuer"])
        assert set(claims) == set(metadata["claims_supported"]), claims
        print(f"PyJWT with {algorithm}: {', '.join(algorithms)}")


def main() -> int:
    for algorithm in lab.ALGORITHMS:
        check(algorithm)
    return 0


if __name__ == "__main__":
    sys.exit(main())
