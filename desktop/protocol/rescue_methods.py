"""What the page may ask while a profile's database is damaged; a part of ``METHODS``."""

from desktop.protocol.method import Method, Nothing
from desktop.protocol.rescue import Rescue, Rescued, RescueParams

RESCUE_METHODS: dict[str, Method] = {
    "rescue.look": Method(Nothing, Rescue),
    "rescue.restore": Method(RescueParams, Rescued),
    "rescue.salvage": Method(Nothing, Rescued),
    "rescue.fresh": Method(Nothing, Rescued),
}
