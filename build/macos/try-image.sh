#!/bin/bash
# try-image.sh IMAGE: mounts a .dmg, looks at what is in it and plays a turn with the app inside.
set -euo pipefail
place=$(mktemp -d)
trap 'hdiutil detach -quiet "$place" || true' EXIT
hdiutil attach -nobrowse -readonly -mountpoint "$place" "$1"
test -L "$place/Applications"
app="$place/PersonaChat.app"
plutil -lint "$app/Contents/Info.plist"
codesign --verify --deep --strict "$app" || echo "::warning::not signed by a known developer"
data=$(mktemp -d)
PERSONA_STORYTELLER_PACE=inf "$app/Contents/MacOS/PersonaChat" --data-dir "$data" say --provider storyteller Hello
test -f "$data/data/persona-chat.db"
