"""What comes in by a form or an address, made safe."""

from urllib.parse import urlsplit

START = "/jongeren"


def local_path(address: str) -> str:
    """Return where to go after logging in: a path of this site, else the start.

    Examples
    --------
    >>> local_path("/jongeren/J1?plekken=20")
    '/jongeren/J1?plekken=20'
    >>> local_path("//elders.example/x"), local_path("https://elders.example"), local_path("")
    ('/jongeren', '/jongeren', '/jongeren')
    """
    printable = address.isascii() and address.isprintable() and "\\" not in address
    if not printable or not address.startswith("/") or address.startswith("//"):
        return START
    try:
        parts = urlsplit(address)
    except ValueError:
        return START
    return START if parts.scheme or parts.netloc else address
