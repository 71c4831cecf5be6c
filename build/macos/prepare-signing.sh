#!/bin/bash
# Puts the certificate of the release workflow into a keychain of its own and tells the next steps
# its name. Without one it says so loudly; the packages are then unsigned.
set -euo pipefail
if [ -z "${CERTIFICATE:-}" ]; then
  echo "::warning::NO CERTIFICATE: the app is not signed, and macOS will warn of it"
  exit 0
fi
keychain="$RUNNER_TEMP/persona.keychain-db"
p12="$RUNNER_TEMP/persona.p12"
trap 'rm -f "$p12"' EXIT
secret=$(openssl rand -hex 16)
echo "::add-mask::$secret"
printf '%s' "$CERTIFICATE" | base64 --decode >"$p12"
security create-keychain -p "$secret" "$keychain"
security set-keychain-settings -lut 7200 "$keychain"
security unlock-keychain -p "$secret" "$keychain"
security import "$p12" -k "$keychain" -P "$PASSWORD" -T /usr/bin/codesign
security set-key-partition-list -S apple-tool:,apple: -s -k "$secret" "$keychain" >/dev/null
security list-keychains -d user -s "$keychain" login.keychain-db
name=$(security find-identity -v -p codesigning "$keychain" | sed -n 's/.*"\(Developer ID Application: .*\)"/\1/p' | head -1)
if [ -z "$name" ]; then
  echo "::error::the certificate is no Developer ID Application"
  exit 1
fi
echo "PERSONA_SIGN_AS=$name" >>"$GITHUB_ENV"
if [ -z "${NOTARY_APPLE_ID:-}" ]; then
  echo "::warning::NO NOTARY CREDENTIALS: signed but not notarised"
  exit 0
fi
xcrun notarytool store-credentials persona --keychain "$keychain" \
  --apple-id "$NOTARY_APPLE_ID" --team-id "$NOTARY_TEAM" --password "$NOTARY_PASSWORD"
echo "PERSONA_NOTARY_PROFILE=persona" >>"$GITHUB_ENV"
