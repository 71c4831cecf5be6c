"""Makes any text fit to be stored: what UTF-8 cannot hold is replaced, never refused."""


def storable(text: str) -> str:
    """The text with plain line ends, without NUL, surrogate pairs joined and lone ones replaced."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else encodable(text)


def encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
