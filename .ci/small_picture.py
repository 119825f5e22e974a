"""Keeps a picture of a page in as few colours as it needs."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image


def save_picture(png: bytes, path: Path, colors: int, largest: int) -> None:
    """Write a picture with so many colours. Ends the program if it has more than `largest` bytes."""
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(colors, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.name}: {size:,} bytes")
    if size > largest:
        sys.exit(f"{path.name} has more than {largest:,} bytes")
