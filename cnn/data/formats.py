"""The formats of picture files that are read: the one list of them."""

from __future__ import annotations

__all__ = ["FORMATS", "FORMAT_NAMES", "HEIF_FORMATS"]

#: Pillow's names of the formats that are decoded in this process.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
#: The formats that are decoded in a process of their own, by `cnn.data.heif`.
HEIF_FORMATS = ("HEIC", "AVIF")
#: The formats in words, for sentences.
FORMAT_NAMES = ", ".join((*FORMATS, *HEIF_FORMATS)).replace("WEBP", "WebP")
