#!/usr/bin/env bash
# Builds the fuzz targets in BUILD, or writes into its file `missing` why they cannot be built.
#   build.sh BUILD [TARGET]
# TARGET: all, or logic_targets, which leaves out those of the tool.
set -euo pipefail
build=$1
target=${2:-all}
mkdir -p "$build"
rm -f "$build/missing"
probe='extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }'
if ! clang++ -fsanitize=fuzzer,address -x c++ - -o "$build/probe" <<<"$probe" 2>"$build/probe.log"; then
    echo "no clang++ with libFuzzer (Debian's packages are clang and libclang-rt-14-dev)" >"$build/missing"
    exit 0
fi
cmake --preset fuzz
cmake --build --preset fuzz --target "$target"
