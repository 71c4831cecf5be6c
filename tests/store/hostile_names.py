"""Names that have broken somebody's files: none may leave its folder or be refused by a system."""

HOSTILE = (
    "", " ", ".", "..", "...", "/", "\\", "../..", "../../etc/passwd", "..\\..\\windows\\win.ini",
    "/etc/passwd", "C:\\autoexec.bat", "C:", "c:evil", "\\\\server\\share", "//server/share",
    "~", "~/x", "$HOME", "%APPDATA%", "`id`", "$(id)", "; rm -rf .", "| cat", "-rf", "--help",
    "../worlds_evil/x", "a/b", "a\\b", "a/../../b", "a\0b", "\0", "a\nb", "a\r\nb", "\t",
    "\x1b[31m",
    "\x7f", "\x85", "CON", "con", "Con.txt", "NUL", "nul.md", "AUX ", "PRN.", "COM1", "com9.json",
    "LPT1", "COM¹", "CONIN$", "CLOCK$", "CON .md", "trailing.", "trailing ", "trailing. . .",
    " leading", ".hidden", ".git", ".GIT", ".trash", ".gitignore", "a:b", "file.md:stream", 'a"b',
    "a<b>c", "a|b", "a?b", "a*b", "\u202egpj.exe", "a\u200bb", "\u200f", "\u2066a\u2069", "\ufeffa",
    "\u2028", "\u2029", "\u3164", "\u115f\u1160", "\u2800", "\ud800", "a\udfffb", "\uffff",
    "\U0010ffff",
    "e\u0301", "é", "가", "\u1100\u1161", "Å", "\u212b", "ﬁ", "ß", "ẞ", "İ", "ı", "가" * 400,
    "a" * 5000, "🧑‍🚀" * 80, "a\u0301" * 300, "\u0301" * 300, "name.md", "name.json", "name (2)",
    "안개 항로", "ﷺ" * 200, "desktop.ini", "Thumbs.db", "my_profile.json", "GIT~1", "a\u0338" * 9,
    "x/" * 200, "." * 300, " ." * 200, "\u2024\u2024/", "．．／", "NUL" + " " * 50, "\x01\x02",
)  # fmt: skip
