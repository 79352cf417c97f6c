#!/usr/bin/env bash
# Every C++ file is formatted as clang-format does it.
set -euo pipefail
cd "$(dirname "$0")/../.."
mapfile -t files < <(find alone board boot drivers foreign guest host hyp measure session tests -name '*.cpp' -o -name '*.hpp' | sort)
clang-format --dry-run -Werror "${files[@]}"
echo "${#files[@]} files are formatted"
