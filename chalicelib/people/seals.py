"""Fingerprints and seals: how secrets are kept so that the table alone lets nobody in."""

import hmac
from hashlib import sha256


def fingerprint(text: str) -> str:
    """Give the SHA-256 of a text in hex: fit for long random secrets, and as a key that shows no e-mail."""
    return sha256(text.encode()).hexdigest()


def seal(secret: str, purpose: str, text: str) -> str:
    """Give the HMAC-SHA-256 of a text in hex; a seal made for one purpose is worthless for another."""
    return hmac.new(secret.encode(), f"{purpose}\n{text}".encode(), sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two secrets in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
