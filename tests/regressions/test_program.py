"""What went wrong with the process and the page of the original."""

import ast

from tests.architecture.tracked_files import ROOT, files, name_of


def calls(source: str) -> set[str]:
    return {
        ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)
    }


def test_nothing_changes_the_working_folder_of_the_whole_process() -> None:
    sources = [p for p in files() if p.suffix == ".py" and name_of(p).startswith("desktop/")]
    assert len(sources) > 100
    changing = [
        name_of(path) for path in sources if "os.chdir" in calls(path.read_text(encoding="utf-8"))
    ]
    assert changing == []
    assert "os.chdir" in calls("import os\nos.chdir('/')"), "it would be noticed"


def test_the_page_keeps_no_old_copy_of_itself() -> None:
    page = [
        p
        for p in files()
        if name_of(p).startswith(("ui/src/", "ui/index", "ui/public/"))
        and p.suffix in {".ts", ".svelte", ".html", ".json", ".webmanifest"}
    ]
    assert len(page) > 100
    keeping = [
        name_of(path)
        for path in page
        if any(word in path.read_text("utf-8") for word in ("serviceWorker", "caches.open"))
    ]
    assert keeping == []
    assert not (ROOT / "ui" / "public" / "sw.js").exists()
