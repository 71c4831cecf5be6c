"""What the page may ask about usage; a part of ``METHODS``."""

from desktop.protocol.method import Method
from desktop.protocol.usage import UsageParams, UsageSums

USAGE_METHODS: dict[str, Method] = {
    "usage.read": Method(UsageParams, UsageSums),
}
