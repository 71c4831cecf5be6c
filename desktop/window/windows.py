"""What is said on Windows before there is a window that could say it."""

import ctypes
from typing import Any

TEXT = (
    "창을 열려면 Microsoft Edge WebView2 런타임이 필요합니다. "
    "Microsoft 홈페이지에서 'WebView2 Evergreen'을 설치한 뒤 다시 시작해 주세요.\n\n"
    "Persona Chat needs the Microsoft Edge WebView2 Runtime to open its window. "
    "Install 'WebView2 Evergreen' from Microsoft's site and start it again."
)
ICON_WARNING = 0x30


def tell_webview2_is_missing() -> None:
    """A native message box; Internet Explorer, the other engine here, cannot show the page."""
    windll: Any = getattr(ctypes, "windll", None)
    if windll is not None:
        windll.user32.MessageBoxW(None, TEXT, "Persona Chat", ICON_WARNING)
