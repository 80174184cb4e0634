"""How people's ids are kept: as keyed hashes that only the holder of the key can look up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

Pseudonym = Callable[[int], int]
"""From an id to what is kept in its place, always the same for the same id."""

_BYTES = 8


def pseudonyms(secret: str) -> Pseudonym:
    """Return keyed hashes of 64 bits (BLAKE2b, RFC 7693) as signed integers.

    Ids of Telegram are short enough to try out all of them, so a hash without a key hides nothing.
    """
    key = hashlib.blake2b(secret.encode()).digest()

    def pseudonym(identity: int) -> int:
        digest = hashlib.blake2b(b"%d" % identity, digest_size=_BYTES, key=key).digest()
        return int.from_bytes(digest, signed=True)

    return pseudonym
