"""Who may steer a room: whoever shows the token that its maker was given."""

from __future__ import annotations

import hmac
import secrets
from enum import StrEnum

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""For ids that people read aloud: without i, l, o, 0 and 1."""


class Role(StrEnum):
    """What a client is in its room."""

    PRESENTER = "presenter"
    VIEWER = "viewer"


def new_token() -> str:
    """Make a token that cannot be guessed (192 bits)."""
    return secrets.token_urlsafe(24)


def new_room_id() -> str:
    """Make a room's id: short enough to read aloud, too rare to be found by trying (about 49 bits)."""
    return "".join(secrets.choice(_LETTERS) for _ in range(10))


def role_of(token: str, shown: str | None) -> Role:
    """Tell the role of a client that shows a token, or none, in a room whose token is `token`.

    The comparison takes the same time wherever the two differ.
    """
    if shown is not None and hmac.compare_digest(token.encode(), shown.encode("utf-8", "replace")):
        return Role.PRESENTER
    return Role.VIEWER
