#!/usr/bin/env bash
# clang-tidy over every source file of host and target but the host's tests, which gtest makes slow to
# check. The flags are given here, since not all that GCC is given are clang's too. No warning is accepted.
#   clang_tidy.sh GENERATED_FOR_THE_TARGET GENERATED_FOR_THE_HOST
set -euo pipefail
generated=$(cd "$1" && pwd)
host_generated=$(cd "$2" && pwd)
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The sources of a group are joined in one file, because clang's analyzer leaves out the functions of
# included files. lines.txt says at which line of it each source begins. Tables that each file of cases has
# under one name get a number.
#   join NAME SOURCE..
join() {
    local joined=$work/$1.cpp line=1 number=0 source
    shift
    for source; do
        number=$((number + 1))
        echo "$joined $line $source" >>"$work/lines.txt"
        sed -E "s/\bk(Acts|Cases)\b/&$number/g" "$source" >>"$joined"
        line=$((line + $(wc -l <"$source")))
    done
    echo "$joined"
}

# With which flags a source is checked.
kind_of() {
    case $1 in
        host/* | measure/* | drivers/* | */core/* | guest/bench/*) echo host ;;
        tests/target/loader.cpp) echo vexpress ;;  # what is vexpress's own
        *) echo target ;;
    esac
}

# A job is a kind and the sources that are checked as one.
mapfile -t all < <(find alone board boot drivers foreign guest host hyp measure session tests/target -name '*.cpp' | sort)
jobs=()
grouped=()
while read -r group; do
    [[ -z $group || $group == \#* ]] && continue
    # shellcheck disable=SC2206  # a list of patterns
    sources=($group)
    jobs+=("$(kind_of "${sources[0]}") ${sources[*]}")
    grouped+=("${sources[@]}")
done <tests/lint/together.txt
mapfile -t alone < <(printf '%s\n' "${all[@]}" | grep -vxFf <(printf '%s\n' "${grouped[@]}"))
for source in "${alone[@]}"; do
    jobs+=("$(kind_of "$source") $source")
done
((${#grouped[@]} + ${#alone[@]} == ${#all[@]})) ||
    { echo "tests/lint/together.txt names a file twice, or one that does not exist"; exit 1; }

# A function is followed along fewer paths than by default (225,000 nodes): it takes half of the time. The
# libraries' templates, which the host's sources use, have very many.
host_flags=(-Xclang -analyzer-config -Xclang max-nodes=10000
    -std=c++20 -I. "-I$host_generated" '-DHYPMETER_BUILDS=""')

# The cross compiler's own header folders, in its order.
mapfile -t headers < <(arm-none-eabi-g++ -xc++ -E -v - </dev/null 2>&1 |
    sed -n '/^#include </,/^End of search/s/^ //p')
target_flags=(-Xclang -analyzer-config -Xclang max-nodes=30000
    --target=arm-none-eabi -march=armv7ve -mfloat-abi=soft -std=c++20 -ffreestanding
    -DLOADER=GO -DHYPMETER_HOSTILE_GUEST=1 -fno-exceptions -fno-rtti -nostdinc -nostdinc++ -I. -Iboard/virt
    -Iguest/board/monitor/hw "-I$generated")
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

# check KIND FILE: the findings in one file, with the flags of its kind.
check() {
    local -n flags=$1_flags
    clang-tidy --quiet --config-file=.clang-tidy "$2" -- "${flags[@]}" 2>/dev/null
}

# tidy KIND NAME SOURCE..: those in the sources, which are checked as one if that is possible.
tidy() {
    local kind=$1 name=$2 found status=0 source
    shift 2
    if (($# > 1)); then
        found=$(check "$kind" "$(join "$name" "$@")") || status=1
        if [[ $found != *clang-diagnostic-error* ]]; then
            [[ -z $found ]] || in_sources <<<"$found"
            return "$status"
        fi
        echo "these are checked one by one, since they cannot be compiled as one file: $*"
        in_sources <<<"$found" | grep -m 3 clang-diagnostic-error
        status=0
    fi
    for source; do
        check "$kind" "$source" || status=1
    done
    return "$status"
}

# The longest first, so that no processor is left without work at the end.
mapfile -t jobs < <(for job in "${jobs[@]}"; do
    # shellcheck disable=SC2086  # the sources
    echo "$(cat ${job#* } | wc -c) $job"
done | sort -rn | cut -d ' ' -f 2-)
status=0
running=0
for number in "${!jobs[@]}"; do
    if ((running == $(nproc))); then
        wait -n || status=1
        running=$((running - 1))
    fi
    # shellcheck disable=SC2086  # the kind and the sources
    tidy ${jobs[number]/ / group_$number } &
    running=$((running + 1))
done
while ((running > 0)); do
    wait -n || status=1
    running=$((running - 1))
done
((status == 0)) || exit 1
echo "${#all[@]} files have no warnings"
