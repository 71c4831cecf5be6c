"""What the page may ask about profiles, also while one is locked; a part of ``METHODS``."""

from desktop.protocol.method import Method, Nothing
from desktop.protocol.profiles import (
    PasswordChangeParams,
    PasswordParams,
    ProfileCreateParams,
    ProfileDeleteParams,
    ProfileLabelParams,
    ProfileMade,
    ProfileOpenParams,
    ProfileParams,
    Profiles,
    ProtectParams,
    RememberParams,
)

PROFILE_METHODS: dict[str, Method] = {
    "profile.list": Method(Nothing, Profiles),
    "profile.create": Method(ProfileCreateParams, ProfileMade),
    "profile.rename": Method(ProfileLabelParams, Profiles),
    "profile.delete": Method(ProfileDeleteParams, Profiles),
    "profile.restore": Method(ProfileParams, Profiles),
    "profile.open": Method(ProfileOpenParams, Profiles),
    "profile.lock": Method(Nothing, Profiles),
    "profile.protect": Method(ProtectParams, ProfileMade),
    "profile.unprotect": Method(PasswordParams, Profiles),
    "profile.password": Method(PasswordChangeParams, Profiles),
    "profile.recovery": Method(PasswordParams, ProfileMade),
    "profile.remember": Method(RememberParams, Profiles),
}
