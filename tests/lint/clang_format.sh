#!/usr/bin/env bash
# Every C++ file is formatted as clang-format does it, and C where other hypervisors are concerned.
set -euo pipefail
cd "$(dirname "$0")/../.."
mapfile -t files < <(find alone board boot drivers foreign guest host hyp measure session tests -name '*.cpp' -o -name '*.hpp' -o \
    -path 'guest/abi/*.h' -o -path 'tests/hypervisor/*.[ch]' | sort)
clang-format --dry-run -Werror "${files[@]}"
echo "${#files[@]} files are formatted"
