"""What the page may ask of the library; a part of ``METHODS``."""

from desktop.protocol.library import (
    Applied,
    ApplyParams,
    EntryParams,
    EntryRead,
    EntryRenameParams,
    EntrySaved,
    EntrySaveParams,
    GitInitParams,
    GitStatus,
    GitSynced,
    KeepParams,
    LibraryEntry,
    LibraryList,
    LibraryTrashed,
    Rules,
    RulesSaved,
    RulesSaveParams,
    TrashParams,
)
from desktop.protocol.library_search import LibraryFindParams, LibraryFound
from desktop.protocol.method import Method, Nothing

LIBRARY_METHODS: dict[str, Method] = {
    "library.list": Method(Nothing, LibraryList),
    "library.read": Method(EntryParams, EntryRead),
    "library.save": Method(EntrySaveParams, EntrySaved),
    "library.rename": Method(EntryRenameParams, LibraryEntry),
    "library.delete": Method(EntryParams, LibraryTrashed),
    "library.restore": Method(TrashParams, LibraryEntry),
    "library.apply": Method(ApplyParams, Applied),
    "library.keep": Method(KeepParams, EntrySaved),
    "library.choose_folder": Method(Nothing, LibraryList),
    "library.usual_folder": Method(Nothing, LibraryList),
    "library.find": Method(LibraryFindParams, LibraryFound),
    "library.git_status": Method(Nothing, GitStatus),
    "library.git_init": Method(GitInitParams, GitStatus),
    "library.git_sync": Method(Nothing, GitSynced),
    "rules.read": Method(Nothing, Rules),
    "rules.save": Method(RulesSaveParams, RulesSaved),
}
