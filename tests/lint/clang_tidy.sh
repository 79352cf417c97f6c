#!/usr/bin/env bash
# clang-tidy over every source file of host and target but the host's tests, which gtest makes slow to
# check. The flags are given here, since not all that GCC is given are clang's too. No warning is accepted.
#   clang_tidy.sh GENERATED_FOR_THE_TARGET GENERATED_FOR_THE_HOST
set -euo pipefail
generated=$(cd "$1" && pwd)
host_generated=$(cd "$2" && pwd)
cd "$(dirname "$0")/../.."

mapfile -t host_files < <(find guest/bench host/*/ measure measure/*/ drivers/*/ hyp/core session/core -maxdepth 1 -name '*.cpp' | sort)
mapfile -t target_files < <(find board boot guest/hw hyp/hw session/hw tests/target -name '*.cpp' | sort)

# The cross compiler's own header folders, in its order.
mapfile -t headers < <(arm-none-eabi-g++ -xc++ -E -v - </dev/null 2>&1 |
    sed -n '/^#include </,/^End of search/s/^ //p')
target_flags=(--target=arm-none-eabi -march=armv7ve -mfloat-abi=soft -std=c++20 -ffreestanding
    -DLOADER=GO -fno-exceptions -fno-rtti -nostdinc -nostdinc++ -I. -Iboard/virt "-I$generated")
# The points of test images (toolchain/image.cmake), as every image that measures has them.
mapfile -t knobs < <(grep -ohE '\b(NOPS_|HYPMETER_FAULTS)[A-Z_]*\b' guest/hw/*.cpp hyp/hw/*.cpp | sort -u)
for knob in "${knobs[@]}"; do
    target_flags+=("-D$knob=0")
done
for folder in "${headers[@]}"; do
    target_flags+=(-isystem "$folder")
done

{
    printf '%s\0' "${host_files[@]}" |
        xargs -0 -I{} -P 2 clang-tidy --quiet {} -- -std=c++20 -I. "-I$host_generated" '-DHYPMETER_BUILDS=""'
    printf '%s\0' "${target_files[@]}" |
        xargs -0 -I{} -P 2 clang-tidy --quiet {} -- "${target_flags[@]}"
} 2>/dev/null
echo "$((${#host_files[@]} + ${#target_files[@]})) files have no warnings"
