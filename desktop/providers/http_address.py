"""Which addresses a key and a story may be sent to."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from desktop.protocol.base import Frozen
from desktop.protocol.problems import Trouble, problem

_SHARED = ipaddress.ip_network("100.64.0.0/10")
"""Overlay networks such as Tailscale give these out; ``is_private`` does not count them."""
_HOME_SUFFIXES = (".local", ".lan", ".internal", ".home.arpa", ".localhost")


class Address(Frozen, kw_only=True):
    """Where a server is. ``near``: this machine or the network around it."""

    base: str
    """Without a slash at the end."""
    host: str
    secure: bool
    near: bool


def address(provider: str, base_url: str) -> Address:
    """Check what the person typed.

    Raises ``Trouble``: ``invalid_request`` for what is no http address, ``unsafe_setup`` for an
    unencrypted one that leads into the open network.
    """
    parts = _split(base_url.strip())
    if parts is None:
        raise Trouble(problem("invalid_request", provider=provider, field="base_url"))
    host = parts.hostname or ""
    found = Address(
        base=f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}",
        host=host,
        secure=parts.scheme == "https",
        near=is_near(host),
    )
    if not found.secure and not found.near:
        raise Trouble(
            problem("unsafe_setup", provider=provider, field="base_url", detail=f"http://{host}")
        )
    return found


def is_near(host: str) -> bool:
    """This machine, a private address, or a name that cannot exist in the open network."""
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        name = host.lower().rstrip(".")
        return bool(name) and ("." not in name or name.endswith(_HOME_SUFFIXES))
    # An IPv4 address written as IPv6 is judged as what it is.
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_private or ip.is_loopback or ip.is_link_local or ip in _SHARED


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # raises for a port that is no number
    except ValueError:
        return None
    good = (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and not (parts.username or parts.password or parts.query or parts.fragment)
        and url.isprintable()
        and " " not in url
    )
    return parts if good else None
