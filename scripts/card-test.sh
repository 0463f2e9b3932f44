#!/usr/bin/env bash
# Tries Charloom on this machine's graphics card, through WebGPU and, where it is installed, TensorFlow: golden numbers, speed compared with PyTorch's
# and the processor's, exact resume, a short run. One command, one table; about ten minutes on a fast card.
#
#   scripts/card-test.sh [--backends webgpu,tensorflow] [--parts doctor,verify,resume,train,speed] [--python PYTHON] [--output FOLDER] [--small]
#
# --python names a Python with PyTorch (default: python3; without PyTorch its column stays empty). --small tests the script itself on tiny networks.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -d node_modules ] || npm ci
node bin/charloom.js engine list | grep -q WebGPU || node bin/charloom.js engine install webgpu || true
exec node_modules/.bin/node scripts/card-test/main.ts "$@"
