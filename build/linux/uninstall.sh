#!/bin/sh
# Removes what install.sh installed. Stories and settings are kept unless --with-my-stories is
# given and confirmed.
set -eu
prefix=${PERSONA_PREFIX:-"$HOME/.local"}
share="$prefix/share"
rm -rf "$prefix/lib/persona-chat"
rm -f "$prefix/bin/persona-chat" "$share/applications/persona-chat.desktop" \
  "$share/metainfo/@ID@.metainfo.xml"
if [ -d "$share/icons/hicolor" ]; then
  find "$share/icons/hicolor" \( -name persona-chat.png -o -name persona-chat.svg \) -delete
fi
find "$share/icons/hicolor" "$share/applications" "$share/metainfo" "$prefix/lib" "$prefix/bin" \
  -type d -empty -delete 2>/dev/null || true
data=${XDG_DATA_HOME:-"$HOME/.local/share"}/PersonaChat
if [ "${1:-}" = --with-my-stories ]; then
  printf 'Delete all stories in %s for ever? Type yes: ' "$data"
  read -r answer
  if [ "$answer" = yes ]; then
    rm -rf "$data" "${XDG_CONFIG_HOME:-"$HOME/.config"}/PersonaChat" \
      "${XDG_CACHE_HOME:-"$HOME/.cache"}/PersonaChat" \
      "${XDG_STATE_HOME:-"$HOME/.local/state"}/PersonaChat"
    echo "Persona Chat and your stories are removed."
    exit 0
  fi
fi
echo "Persona Chat is removed. Your stories stay in $data"
