"""Files that carry their own SHA-256, taken over all bytes with zeros in place of the digest."""

import hashlib

MARK = b"pipeline_sim.sha256:"
EMPTY = "0" * 64
PLACEHOLDER = MARK.decode() + EMPTY  # to be written once somewhere in the file


def embed_checksum(content: bytes) -> bytes:
    """Content with its digest in place of the zeros; ValueError if there is not exactly one placeholder."""
    if content.count(PLACEHOLDER.encode()) != 1:
        raise ValueError("there should be one place for the digest")
    return content.replace(PLACEHOLDER.encode(), MARK + sha256_hex(content))


def checksum_holds(content: bytes) -> bool:
    """Whether no byte has changed since the checksum was embedded."""
    at = content.rfind(MARK) + len(MARK)
    digest = content[at : at + len(EMPTY)]
    return at >= len(MARK) and digest == sha256_hex(content[:at] + EMPTY.encode() + content[at + len(EMPTY) :])


def sha256_hex(content: bytes) -> bytes:
    """SHA-256 in hex digits."""
    return hashlib.sha256(content).hexdigest().encode()
