"""A file that carries its own SHA-256: every bit of it counts, those of the digest itself taken as zeros."""

import hashlib

MARK = b"pipeline_sim.sha256:"
EMPTY = "0" * 64
SEAL = MARK.decode() + EMPTY  # to be written once somewhere in the file, before it is sealed


def sealed(content: bytes) -> bytes:
    """The same bytes with the digest in the place of the zeros; ValueError if there is not exactly one such place."""
    if content.count(SEAL.encode()) != 1:
        raise ValueError("there should be one place for the digest")
    return content.replace(SEAL.encode(), MARK + digest_of(content))


def is_sealed(content: bytes) -> bool:
    """True if nothing has changed since the file was sealed."""
    at = content.rfind(MARK) + len(MARK)
    found = content[at : at + len(EMPTY)]
    return at >= len(MARK) and found == digest_of(content[:at] + EMPTY.encode() + content[at + len(EMPTY) :])


def digest_of(content: bytes) -> bytes:
    """SHA-256 in hex digits."""
    return hashlib.sha256(content).hexdigest().encode()
