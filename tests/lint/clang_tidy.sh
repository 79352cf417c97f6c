#!/usr/bin/env bash
# clang-tidy over every source file of host and target but the host's tests, which gtest makes slow to
# check. The flags are given here, since not all that GCC is given are clang's too. No warning is accepted.
#   clang_tidy.sh GENERATED_FOR_THE_TARGET GENERATED_FOR_THE_HOST ROOMS
# ROOMS is the folder of the sources that CMake makes to compile a room of the host tool at once.
set -euo pipefail
generated=$(cd "$1" && pwd)
host_generated=$(cd "$2" && pwd)
rooms=$(cd "$3" && pwd)
cd "$(dirname "$0")/../.."
top=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The sources of a folder are checked at once, since the headers that they share take most of the time. They
# are joined in one file, because clang's analyzer leaves out the functions of included files. lines.txt
# says at which line of it each source begins.
#   join NAME SOURCE..
join() {
    local joined=$work/$1.cpp line=1 source
    shift
    for source; do
        echo "$joined $line $source" >>"$work/lines.txt"
        cat "$source" >>"$joined"
        line=$((line + $(wc -l <"$source")))
    done
    echo "$joined"
}

sources_in() { find "$@" -maxdepth 1 -name '*.cpp' | sed 's|//*|/|g' | sort; }

# Of the host tool those that CMake compiles at once.
host_jobs=()
joined=()
for unity in "$rooms"/unity_host_*.cxx; do
    mapfile -t sources < <(sed -n "s|^#include \"$top/\(.*\)\"$|\1|p" "$unity")
    host_jobs+=("$(join "$(basename "$unity" .cxx)" "${sources[@]}")")
    joined+=("${sources[@]}")
done
((${#joined[@]} > 0)) || { echo "no rooms of the host tool in $rooms"; exit 1; }
mapfile -t sources < <(sources_in host/*/ host/*/*/)
mapfile -t alone < <(printf '%s\n' "${sources[@]}" | grep -vxFf <(printf '%s\n' "${joined[@]}"))
host_jobs+=("${alone[@]}")
files=${#sources[@]}
for folder in guest/bench measure measure/workload drivers/*/ hyp/core session/core; do
    mapfile -t sources < <(sources_in "$folder")
    ((${#sources[@]} == 0)) || host_jobs+=("$(join "${folder//\//_}" "${sources[@]}")")
    files=$((files + ${#sources[@]}))
done

target_jobs=()
for folder in board/hw guest/hw hyp/hw session/hw; do
    mapfile -t sources < <(sources_in "$folder")
    target_jobs+=("$(join "${folder//\//_}" "${sources[@]}")")
    files=$((files + ${#sources[@]}))
done
vexpress_jobs=(tests/target/loader.cpp)  # what is vexpress's own
mapfile -t alone < <(find boot tests/target -name '*.cpp' | grep -vxFf <(printf '%s\n' "${vexpress_jobs[@]}") | sort)
target_jobs+=("${alone[@]}")
files=$((files + ${#alone[@]} + ${#vexpress_jobs[@]}))
all=$(find board boot drivers guest host hyp measure session tests/target -name '*.cpp' | wc -l)
((files == all)) || { echo "of $all files only $files would be checked"; exit 1; }

# A function is followed along fewer paths than by default (225,000 nodes): it takes half of the time. The
# libraries' templates, which the host's sources use, have very many.
host_flags=(-Xclang -analyzer-config -Xclang max-nodes=10000
    -std=c++20 -I. "-I$host_generated" '-DHYPMETER_BUILDS=""')

# The cross compiler's own header folders, in its order.
mapfile -t headers < <(arm-none-eabi-g++ -xc++ -E -v - </dev/null 2>&1 |
    sed -n '/^#include </,/^End of search/s/^ //p')
target_flags=(-Xclang -analyzer-config -Xclang max-nodes=30000
    --target=arm-none-eabi -march=armv7ve -mfloat-abi=soft -std=c++20 -ffreestanding
    -DLOADER=GO -DHYPMETER_HOSTILE_GUEST=1 -fno-exceptions -fno-rtti -nostdinc -nostdinc++ -I. -Iboard/virt "-I$generated")
# The points of test images (toolchain/image.cmake), as every image that measures has them.
mapfile -t knobs < <(grep -ohE '\b(NOPS_|HYPMETER_FAULTS)[A-Z_]*\b' guest/hw/*.cpp hyp/hw/*.cpp | sort -u)
for knob in "${knobs[@]}"; do
    target_flags+=("-D$knob=0")
done
for folder in "${headers[@]}"; do
    target_flags+=(-isystem "$folder")
done
vexpress_flags=("${target_flags[@]/#-Iboard\/virt/-Iboard/vexpress}")

# The words of a warning, with the lines of a joined file as those of its sources.
in_sources() {
    awk -v lines="$work/lines.txt" '
        BEGIN { while ((getline row < lines) > 0) { split(row, f); n++; joined[n] = f[1]; first[n] = f[2]; source[n] = f[3] } }
        {
            split($0, part, ":")
            for (i = n; i > 0; i--)
                if (part[1] == joined[i] && part[2] + 0 >= first[i]) {
                    $0 = source[i] ":" (part[2] - first[i] + 1) substr($0, length(part[1] ":" part[2]) + 1)
                    break
                }
            print
        }'
}

# tidy KIND FILE: the findings in one file, with the flags of its kind.
tidy() {
    local -n flags=$1_flags
    clang-tidy --quiet --config-file=.clang-tidy "$2" -- "${flags[@]}" 2>/dev/null | in_sources
}

# The longest first, so that no processor is left without work at the end.
mapfile -t jobs < <({ printf 'host %s\n' "${host_jobs[@]}"; printf 'target %s\n' "${target_jobs[@]}"
    printf 'vexpress %s\n' "${vexpress_jobs[@]}"; } |
    sort -k2 | command join -1 2 -2 1 - <(printf '%s\n' "${host_jobs[@]}" "${target_jobs[@]}" "${vexpress_jobs[@]}" | xargs -d '\n' wc -c |
        awk '$2 != "total" { print $2, $1 }' | sort -k1,1) | sort -k3 -rn | awk '{ print $2, $1 }')
((${#jobs[@]} == ${#host_jobs[@]} + ${#target_jobs[@]} + ${#vexpress_jobs[@]})) || { echo "not every file would be checked"; exit 1; }
status=0
running=0
for job in "${jobs[@]}"; do
    if ((running == $(nproc))); then
        wait -n || status=1
        running=$((running - 1))
    fi
    # shellcheck disable=SC2086  # the kind and the file
    tidy $job &
    running=$((running + 1))
done
while ((running > 0)); do
    wait -n || status=1
    running=$((running - 1))
done
((status == 0)) || exit 1
echo "$files files have no warnings"
