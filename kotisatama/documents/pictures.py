"""Pictures are decoded and written anew: what remains is the picture, no place, no device, no hidden parts."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST_SIDE = 2400  # pixels; a letter photographed on a phone stays readable
MOST_PIXELS = 60_000_000  # decoded at once in memory, about 180 MB


class NotAPicture(ValueError):
    """The bytes are no picture that can be decoded within the limits."""


class TooManyPixels(NotAPicture):
    """It may be a picture; decoding it would take more memory than a file is worth."""


def rewrite(data: bytes) -> bytes:
    """Return the picture as a JPEG, turned upright, without any metadata; raises NotAPicture, or TooManyPixels."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP", "GIF")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise TooManyPixels
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            flat = Image.new("RGB", upright.size, "white")
            flat.paste(upright.convert("RGBA"), mask=upright.convert("RGBA").getchannel("A"))
    except Image.DecompressionBombError as reason:
        raise TooManyPixels from reason
    except NotAPicture:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as reason:
        raise NotAPicture from reason
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=82, optimize=True)
    return written.getvalue()
