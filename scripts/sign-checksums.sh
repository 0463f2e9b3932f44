#!/usr/bin/env bash
# sign-checksums.sh FOLDER: signs its SHA256SUMS with the armoured OpenPGP key in SIGNING_KEY; without a key it says so and signs nothing.
set -euo pipefail
sums="$1/SHA256SUMS"
test -f "$sums"

if [ -z "${SIGNING_KEY:-}" ]; then
  echo 'No key was given: the checksums are not signed.'
  exit 0
fi
# A temporary keyring, so that no trace of the key remains.
GNUPGHOME="$(mktemp -d)"
export GNUPGHOME
trap 'gpgconf --kill gpg-agent 2> /dev/null || true; rm -rf "$GNUPGHOME"' EXIT
gpg --batch --quiet --import <<< "$SIGNING_KEY"
gpg --batch --yes --armor --detach-sign --output "$sums.asc" "$sums"
gpg --batch --verify "$sums.asc" "$sums"
