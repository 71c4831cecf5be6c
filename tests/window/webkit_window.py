"""The built page with its demo bridge in WebKitGTK; run by the system's Python, not by ours.

Usage: ``webkit_window.py PAGE PICTURE``. Opens the page, sends a line as a person does, waits for
the whole answer, takes a picture and prints one line of JSON. Exit code 77: there is no WebKitGTK.
"""

import json
import sys
import time

try:
    import gi

    gi.require_version("Gtk", "3.0")
    gi.require_version("WebKit2", "4.1")
    from gi.repository import Gdk, GLib, Gtk, WebKit2
except (ImportError, ValueError):
    sys.exit(77)

NOT_HERE = 77
PATIENCE_S = 60
WATCH = """
window.__errors = [];
const tell = (what) => window.__errors.push(String(what));
addEventListener('error', (event) => tell(event.message || event.target?.src || 'error'), true);
addEventListener('unhandledrejection', (event) => tell(event.reason));
addEventListener('securitypolicyviolation', (event) => tell('csp ' + event.violatedDirective));
const error = console.error;
console.error = (...all) => { tell(all.join(' ')); error(...all); };
"""
READY = "document.querySelectorAll('[data-testid=app-ready]').length"
MESSAGES = "document.querySelectorAll('[data-testid=message]')"
SAY = f"""(() => {{
  window.__before = {MESSAGES}.length;
  const field = document.querySelector('[data-testid=composer-input]');
  field.focus();
  document.execCommand('insertText', false, '편지를 저울에 올린다.');
  const key = {{ key: 'Enter', code: 'Enter', bubbles: true, cancelable: true }};
  field.dispatchEvent(new KeyboardEvent('keydown', key));
  return 1;
}})()"""
ANSWERED = f"""Number({MESSAGES}.length > window.__before + 2 &&
  [...{MESSAGES}].every((one) => one.dataset.status === 'complete'))"""
TELL = f"""JSON.stringify({{
  errors: window.__errors,
  messages: [...{MESSAGES}].map((one) => one.textContent.trim().length),
  fonts: [...document.fonts].filter((one) => one.status === 'loaded').length,
  sideways: document.documentElement.scrollWidth - innerWidth,
  engine: navigator.userAgent,
}})"""


class Window:
    def __init__(self, page: str) -> None:
        content = WebKit2.UserContentManager()
        content.add_script(
            WebKit2.UserScript.new(
                WATCH,
                WebKit2.UserContentInjectedFrames.ALL_FRAMES,
                WebKit2.UserScriptInjectionTime.START,
                None,
                None,
            )
        )
        self.view = WebKit2.WebView.new_with_user_content_manager(content)
        settings = self.view.get_settings()
        # As the window of the program has them: the page's modules lie beside it.
        settings.set_allow_file_access_from_file_urls(True)
        settings.set_allow_universal_access_from_file_urls(True)
        self.window = Gtk.Window()
        self.window.set_default_size(1440, 900)
        self.window.add(self.view)
        self.window.show_all()
        self.view.load_uri(page)

    def ask(self, script: str) -> str:
        """What a script in the page comes to, as text; empty while the page is not there."""
        told: list[str] = []

        def done(view: "WebKit2.WebView", result: object) -> None:
            try:
                told.append(view.evaluate_javascript_finish(result).to_string())
            except GLib.Error:
                told.append("")

        self.view.evaluate_javascript(script, -1, None, None, None, done)
        while not told:
            Gtk.main_iteration()
        return told[0]

    def until(self, script: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while self.ask(script) in ("", "0"):
            if time.monotonic() > end:
                sys.exit(f"not in {PATIENCE_S} s: {script}; {self.ask(TELL)}")
            rest(0.1)

    def photograph(self, file: str) -> int:
        """Store what is on the screen; returns how many colours there are in it."""
        rest(0.5)
        drawn = self.window.get_window()
        picture = Gdk.pixbuf_get_from_window(drawn, 0, 0, drawn.get_width(), drawn.get_height())
        picture.savev(file, "png", [], [])
        pixels, step = picture.get_pixels(), picture.get_n_channels()
        return len({bytes(pixels[at : at + step]) for at in range(0, len(pixels), step * 7)})


def rest(seconds: float) -> None:
    """Let the window live for a while."""
    over: list[bool] = []
    GLib.timeout_add(int(seconds * 1000), lambda: over.append(True))
    while not over:
        Gtk.main_iteration()


def main() -> int:
    page, picture = sys.argv[1:]
    window = Window(page)
    window.until(READY)
    window.ask(SAY)
    window.until(ANSWERED)
    colours = window.photograph(picture)
    sys.stdout.write(json.dumps({**json.loads(window.ask(TELL)), "colours": colours}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
