"""The smallest files that codex takes for a picture and for a sound."""

import struct
import zlib
from pathlib import Path


def picture(path: Path) -> Path:
    """One white pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0\xff\xff\xff")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b""))
    return path


def sound(path: Path, text: str = "") -> Path:
    """codex looks at the end of the name only."""
    path.write_bytes(b"RIFF" + text.encode())
    return path
