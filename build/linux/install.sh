#!/bin/sh
# Installs Persona Chat for the person who runs this; no root, nothing outside the home.
#   ./install.sh              into ~/.local (or $PERSONA_PREFIX)
#   ./install.sh --check      only tells which system libraries are missing
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
prefix=${PERSONA_PREFIX:-"$HOME/.local"}
place="$prefix/lib/persona-chat"
share="$prefix/share"

missing() {
  # Qt loads these by name, so nothing but looking says whether they are there.
  for file in PersonaChat _internal/PySide6/Qt/lib/libQt6WebEngineCore.so.6 \
    _internal/PySide6/Qt/plugins/platforms/libqxcb.so; do
    LD_LIBRARY_PATH="$here/app/_internal:$here/app/_internal/PySide6/Qt/lib" \
      ldd "$here/app/$file" 2>/dev/null | sed -n 's/^[[:space:]]*\([^ ]*\) => not found$/\1/p'
  done | sort -u
}

lacking=$(missing)
if [ -n "$lacking" ]; then
  echo "Your system lacks these libraries; install them with its package manager:" >&2
  echo "$lacking" | sed 's/^/  /' >&2
  echo "On Debian and Ubuntu the .deb brings them along." >&2
  exit 1
fi
[ "${1:-}" != --check ] || exit 0

# A new version stands complete beside the old one before it takes its place.
rm -rf "$place.new"
mkdir -p "$(dirname "$place")" "$prefix/bin"
cp -R "$here/app" "$place.new"
cp "$here/uninstall.sh" "$place.new/uninstall.sh"
if [ -e "$place" ]; then mv "$place" "$place.old"; fi
mv "$place.new" "$place"
rm -rf "$place.old"
ln -sf "$place/PersonaChat" "$prefix/bin/persona-chat"
mkdir -p "$share"
cp -R "$here/share/." "$share/"
# A menu does not search ~/.local/bin on every system, so it gets the full name.
entry="$share/applications/persona-chat.desktop"
sed "s|^Exec=.*|Exec=\"$place/PersonaChat\"|; s|^TryExec=.*|TryExec=$place/PersonaChat|" \
  "$here/share/applications/persona-chat.desktop" >"$entry"
echo "Persona Chat is installed. Find it in your menu, or type: $prefix/bin/persona-chat"
echo "To remove it: $place/uninstall.sh"
