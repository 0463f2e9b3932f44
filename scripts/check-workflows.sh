#!/usr/bin/env bash
# Checks .github/workflows with actionlint, which Go builds from source. Without Go it says so and checks nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
version=v1.7.12

if ! command -v go > /dev/null; then
  echo '*** No Go here: the workflows are NOT CHECKED. ***'
  exit 0
fi
go run "github.com/rhysd/actionlint/cmd/actionlint@$version" -color
echo 'actionlint finds nothing wrong with the workflows.'
