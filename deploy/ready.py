"""Exit with 0 if the bot of this container is ready: what Docker's HEALTHCHECK runs."""
# ruff: noqa: INP001 - a script for the image, in no package

from __future__ import annotations

import http.client
import os
import sys

_SECONDS = 4.0


def is_ready(listen: str) -> bool:
    """Ask /readyz at a value of MAJLIS_LISTEN; a bot that is told not to listen counts as ready."""
    listen = listen.strip() or "127.0.0.1:8088"
    if listen.lower() == "off":
        return True
    host, _, port = listen.rpartition(":")
    # Not urllib: it would ask the proxy that Telegram may have to be reached through.
    connection = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=_SECONDS)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_ready(os.environ.get("MAJLIS_LISTEN", "")))
