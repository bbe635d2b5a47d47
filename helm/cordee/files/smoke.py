"""Asks a running installation whether it is ready and whether its API answers: `helm test`."""

import json
import sys
import urllib.error
import urllib.request

SECONDS = 10


def ask(address: str, body: bytes | None = None) -> str:
    """Return the answer of `address` to a GET, or to a POST of `body`; end with it if no 200."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    try:
        request = urllib.request.Request(address, body, headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{address}: {error.code} {error.read().decode()}") from None
    except OSError as error:
        raise SystemExit(f"{address}: {error}") from None


def main(base: str) -> None:
    """Say what the installation at `base` answers; end with status 1 where it is not well."""
    print(f"{base}/readyz: {ask(f'{base}/readyz')}")  # noqa: T201
    answer = ask(f"{base}/graphql", json.dumps({"query": "{ __typename }"}).encode())
    print(f"{base}/graphql: {answer}")  # noqa: T201
    if json.loads(answer).get("data") != {"__typename": "Query"}:
        raise SystemExit("the API does not answer its root type")


if __name__ == "__main__":
    main(sys.argv[1])
