# The target images: the guest, and the monitor with the guest inside.

set(HYPMETER_BOARD virt CACHE STRING "Board: a folder of board")
set(board_dir ${CMAKE_SOURCE_DIR}/board/${HYPMETER_BOARD})
if(NOT IS_DIRECTORY ${board_dir})
    message(FATAL_ERROR "HYPMETER_BOARD=${HYPMETER_BOARD}: there is no such folder in board")
endif()
configure_file(${CMAKE_SOURCE_DIR}/session/version.hpp.in ${CMAKE_BINARY_DIR}/generated/version.hpp)
configure_file(${board_dir}/memory.ld ${CMAKE_BINARY_DIR}/linker/board.ld
               COPYONLY)

# Unaligned accesses would fault while the MMU is off (ARM DDI 0406C.d, A3.2.1).
add_library(bare_options INTERFACE)
target_compile_options(bare_options INTERFACE
    -g -march=armv7ve -mno-unaligned-access -ffreestanding -ffunction-sections -fdata-sections
    -fno-asynchronous-unwind-tables -fno-strict-aliasing
    $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti -fno-threadsafe-statics
        -fno-use-cxa-atexit>)
target_include_directories(bare_options INTERFACE
    ${CMAKE_SOURCE_DIR} ${board_dir} ${CMAKE_BINARY_DIR}/generated)

# No VFP or NEON anywhere but where it is asked for by name.
add_library(target_options INTERFACE)
target_link_libraries(target_options INTERFACE bare_options)
# What the guest finds around it is our monitor.
target_include_directories(target_options INTERFACE ${CMAKE_SOURCE_DIR}/guest/board/monitor/hw)
target_compile_options(target_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-mgeneral-regs-only>)
target_link_options(target_options INTERFACE
    -march=armv7ve -nostartfiles -Wl,--gc-sections -Wl,--build-id=none
    -Wl,--no-warn-rwx-segments -L${CMAKE_BINARY_DIR}/linker)

# Points between two stamps, numbered from 1, at which the image `points` has slots for NOPs
# (drivers/cpu/hw/nops.hpp). Every other image has none: there each number is 0.
set(HYPMETER_POINTS
    NOPS_HYP_VECTOR NOPS_HYP_ENTRY NOPS_HYP_INJECT NOPS_HYP_EXIT NOPS_HYP_RETURN
    NOPS_HYP_SWITCH_OUT NOPS_HYP_SWITCH_IN NOPS_HYP_SWITCHED NOPS_MAINTENANCE
    NOPS_GUEST_VECTOR NOPS_GUEST_ENTRY NOPS_GUEST_HANDLER NOPS_GUEST_ENDED NOPS_GUEST_EXIT
    NOPS_HYP_FAULT_VECTOR NOPS_HYP_FAULT_ENTRY NOPS_HYP_FAULT_HANDLER NOPS_HYP_FAULT_WRITTEN
    NOPS_HYP_FAULT_MAINTAINED NOPS_HYP_FAULT_RETURN
    NOPS_GUEST_FAULT_VECTOR NOPS_GUEST_FAULT_ENTRY NOPS_GUEST_FAULT_HANDLER NOPS_GUEST_FAULT_WRITTEN
    NOPS_GUEST_FAULT_MAINTAINED NOPS_GUEST_FAULT_RETURN)
foreach(point ${HYPMETER_POINTS})
    list(APPEND no_points ${point}=0)
    list(LENGTH no_points number)
    list(APPEND all_points ${point}=${number})
endforeach()

# Parsing these takes most of the time of compiling a source.
set(library_headers <algorithm> <array> <cstdint> <optional> <span> <string_view>)

# The sources with points or faults in them are built for each variant, all others once.
set(guest_knob_sources guest/hw/vectors.S guest/hw/kernel.cpp)
file(GLOB guest_sources RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS guest/core/*.cpp guest/hw/*.cpp)
list(REMOVE_ITEM guest_sources ${guest_knob_sources})
# The one source that computes with floating point. Contraction would make its results the compiler's.
add_library(float_objects OBJECT guest/bench/parity.cpp)
target_link_libraries(float_objects PRIVATE bare_options)
target_compile_options(float_objects PRIVATE
    -marm -O2 -mfpu=vfpv4 -mfloat-abi=softfp -ffp-contract=off)

# The monitor is Thumb but for its assembly: paths that are counted for speed, everything else for size. What
# gem5 runs is ARM code: gem5 24.0 reads a wrong register where Thumb's MRS names a banked one (docs/gem5.md).
set(instruction_set -mthumb)
if(HYPMETER_BOARD STREQUAL vexpress)
    set(instruction_set -marm)
endif()
set(hyp_knob_sources hyp/hw/vectors.S hyp/hw/cp15_traps.cpp hyp/hw/demand_faults.cpp
    hyp/hw/device_traps.cpp hyp/hw/hypercalls.cpp hyp/hw/interrupts.cpp hyp/hw/traps.cpp hyp/hw/turns.cpp)
set(fast_options ${instruction_set} -O2)
# The VM switch takes fewer instructions where the compiler goes for size: it is stores and loads in a row.
set_source_files_properties(hyp/hw/turns.cpp PROPERTIES COMPILE_OPTIONS "-mthumb;-Os")
# Accesses of devices take fewer as ARM code, whose every instruction can have a condition.
set_source_files_properties(hyp/hw/device_traps.cpp hyp/hw/guest_uart.cpp hyp/hw/traps.cpp
    PROPERTIES COMPILE_OPTIONS -marm)
# Optimized as a whole when an image is linked: that alone makes it 5 % smaller. Counted paths are left out,
# so that what they take depends on their own sources, and so is what the compiler itself calls.
set(small_options ${instruction_set} -Os $<$<COMPILE_LANGUAGE:CXX>:-flto=1>)
set(runtime_sources boot/runtime.cpp boot/memory_functions.cpp hyp/hw/pending_abort.S hyp/hw/vcpu_switch.S boot/reset.S)
add_library(runtime_objects OBJECT ${runtime_sources})
target_link_libraries(runtime_objects PRIVATE target_options)
target_compile_options(runtime_objects PRIVATE -mthumb -Os)

# What a test image may replace: the session, and which machine this is.
add_library(recognise_objects OBJECT board/hw/recognise.cpp)
target_link_libraries(recognise_objects PRIVATE target_options)
target_compile_options(recognise_objects PRIVATE ${small_options})
set(measuring_session $<TARGET_OBJECTS:session_objects> $<TARGET_OBJECTS:recognise_objects>)

file(GLOB cold_sources RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS
    board/hw/*.cpp boot/*.cpp drivers/*/*.cpp hyp/core/*.cpp hyp/hw/*.cpp measure/*.cpp measure/*/*.cpp
    session/core/*.cpp session/hw/*.cpp foreign/core/*.cpp)
# The virtual GIC and the UART are counted too, and have no points.
# Exits are counted in as few instructions as can be.
set(counted_sources hyp/core/exit_profile.cpp hyp/core/virtual_gic.cpp hyp/core/virtual_distributor.cpp
    hyp/hw/counted_exits.cpp hyp/hw/guest_uart.cpp hyp/hw/list_registers.cpp)
list(REMOVE_ITEM cold_sources
    ${counted_sources} session/hw/session.cpp board/hw/recognise.cpp ${runtime_sources} ${hyp_knob_sources})

# add_objects(SUFFIX [definitions..]): what images share that read clocks alike, compiled with these definitions.
function(add_objects suffix)
    add_library(guest_objects${suffix} OBJECT ${guest_sources} guest/hw/start.S)
    target_compile_options(guest_objects${suffix} PRIVATE -marm -O2)
    add_library(session_objects${suffix} OBJECT session/hw/session.cpp)
    target_compile_options(session_objects${suffix} PRIVATE ${small_options})
    add_library(counted_objects${suffix} OBJECT ${counted_sources})
    target_compile_options(counted_objects${suffix} PRIVATE ${fast_options})
    add_library(cold_objects${suffix} OBJECT ${cold_sources})
    target_compile_options(cold_objects${suffix} PRIVATE ${small_options})
    foreach(objects guest_objects session_objects counted_objects cold_objects)
        target_link_libraries(${objects}${suffix} PRIVATE target_options)
        target_compile_definitions(${objects}${suffix} PRIVATE ${ARGN})
    endforeach()
    foreach(objects guest_objects cold_objects)
        target_precompile_headers(${objects}${suffix} PRIVATE ${library_headers})
    endforeach()
endfunction()
add_objects("")

# add_guest(NAME KNOBS definitions.. [OBJECTS suffix] [SOURCES sources..] [OPTIONS options..]): the measuring
# guest, and as a flat binary, with these sources besides and linked with these options. OBJECTS: see add_objects.
# Not with the C library's memcpy: before the MMU is on, gem5 24.0 never completes its PLD.
function(add_guest guest)
    cmake_parse_arguments(arg "" "OBJECTS" "KNOBS;SOURCES;OPTIONS" ${ARGN})
    add_executable(${guest} ${guest_knob_sources} boot/memory_functions.cpp ${arg_SOURCES}
        $<TARGET_OBJECTS:guest_objects${arg_OBJECTS}>
        $<TARGET_OBJECTS:float_objects>)
    target_link_libraries(${guest} PRIVATE target_options)
    target_compile_options(${guest} PRIVATE -marm -O2)
    target_compile_definitions(${guest} PRIVATE ${arg_KNOBS})
    target_link_options(${guest} PRIVATE -T ${CMAKE_SOURCE_DIR}/linker/guest.ld ${arg_OPTIONS})
    set_target_properties(${guest} PROPERTIES SUFFIX .elf EXCLUDE_FROM_ALL ON
        LINK_DEPENDS "${CMAKE_SOURCE_DIR}/linker/guest.ld;${board_dir}/memory.ld")

    set(binary ${CMAKE_CURRENT_BINARY_DIR}/${guest}.bin)
    add_custom_command(OUTPUT ${binary}
        COMMAND ${CMAKE_OBJCOPY} -O binary $<TARGET_FILE:${guest}> ${binary} DEPENDS ${guest} VERBATIM)
    add_custom_target(${guest}-binary DEPENDS ${binary})
endfunction()

# add_variant(NAME [POINTS] [FAULTS] [OBJECTS suffix] [KNOBS definitions..]): the guest, and the monitor's
# counted paths, compiled with these definitions besides.
# POINTS: with slots at the points; FAULTS: with interrupts that can be lost or come twice.
function(add_variant name)
    cmake_parse_arguments(arg "POINTS;FAULTS" "OBJECTS" "KNOBS" ${ARGN})
    set(knobs ${no_points} ${arg_KNOBS})
    if(arg_POINTS)
        set(knobs ${all_points} ${arg_KNOBS})
    endif()
    if(arg_FAULTS)
        list(APPEND knobs HYPMETER_FAULTS=1)
    else()
        list(APPEND knobs HYPMETER_FAULTS=0)
    endif()
    add_guest(${name}-guest KNOBS ${knobs} OBJECTS ${arg_OBJECTS})

    add_library(${name}-counted OBJECT ${hyp_knob_sources})
    target_link_libraries(${name}-counted PRIVATE target_options)
    target_compile_options(${name}-counted PRIVATE ${fast_options})
    target_compile_definitions(${name}-counted PRIVATE ${knobs})
    set_target_properties(${name}-counted PROPERTIES EXCLUDE_FROM_ALL ON)
endfunction()

# add_image(NAME [VARIANT name] [OBJECTS suffix] SESSION sources.. [OPTIONS options..]
#           [GUEST sources.. [GUEST_OPTIONS options..]]):
# an image of the monitor that runs the session given, linked with these options, with the guest of the variant
# inside; without VARIANT, of the one that measures. OBJECTS: see add_objects. GUEST: sources that the guest of
# this image has besides, and options to link it with.
function(add_image name)
    cmake_parse_arguments(arg "" "VARIANT;OBJECTS" "SESSION;OPTIONS;GUEST;GUEST_OPTIONS" ${ARGN})
    if(NOT arg_VARIANT)
        set(arg_VARIANT ${image})
    endif()
    set(guest ${arg_VARIANT}-guest)
    if(arg_GUEST)
        set(guest ${name}-guest)
        add_guest(${guest} KNOBS ${no_points} HYPMETER_FAULTS=0 SOURCES ${arg_GUEST} OPTIONS ${arg_GUEST_OPTIONS})
    endif()
    set(embedding ${CMAKE_CURRENT_BINARY_DIR}/${name}-embedding.S)
    set(binary ${CMAKE_CURRENT_BINARY_DIR}/${guest}.bin)
    file(CONFIGURE OUTPUT ${embedding} CONTENT ".section .guest, \"a\"\n.incbin \"${guest}.bin\"\n")
    set_source_files_properties(${embedding} PROPERTIES OBJECT_DEPENDS ${binary})

    add_executable(${name} ${embedding} ${arg_SESSION} $<TARGET_OBJECTS:${arg_VARIANT}-counted>
        $<TARGET_OBJECTS:runtime_objects> $<TARGET_OBJECTS:cold_objects${arg_OBJECTS}>
        $<TARGET_OBJECTS:counted_objects${arg_OBJECTS}>)
    add_dependencies(${name} ${guest}-binary)
    target_link_libraries(${name} PRIVATE target_options)
    target_compile_options(${name} PRIVATE ${small_options})
    target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:ASM>:-Wa,-I${CMAKE_CURRENT_BINARY_DIR}>)
    target_link_options(${name} PRIVATE -T ${CMAKE_SOURCE_DIR}/linker/hyp.ld -flto=1 -flto-partition=none
        ${instruction_set} -Os -mgeneral-regs-only -fno-use-cxa-atexit ${arg_OPTIONS})
    set_target_properties(${name} PROPERTIES SUFFIX .elf
        LINK_DEPENDS "${CMAKE_SOURCE_DIR}/linker/hyp.ld;${board_dir}/memory.ld")
endfunction()

set(image hypmeter-${HYPMETER_BOARD})
add_variant(${image})
add_image(${image} SESSION ${measuring_session})
# Runs a guest that is not ours. The one inside is for a second VM beside it.
add_image(${image}-foreign SESSION foreign/hw/session.cpp $<TARGET_OBJECTS:recognise_objects>
    OPTIONS -Wl,--defsym=HAS_FOREIGN_GUEST=1)
include(toolchain/boot_images.cmake)

# Images only for tests: cases that run on the target, a monitor that faults, NOPs between stamps, and
# interrupts that are lost or come twice.
add_custom_target(test_images)
function(add_test_image name)
    add_image(${name} ${ARGN})
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
    add_dependencies(test_images ${name})
endfunction()

# What is vexpress's own: loaders in whose place tests boot, an image that does without what gem5 lacks, and
# one that demands what QEMU lacks.
if(HYPMETER_BOARD STREQUAL vexpress)
    # For gem5, and made by name: it does without the ISBs of stamps (docs/clocks.md, "Stamps").
    set(without_isb HYPMETER_STAMPS_WITHOUT_ISB)
    add_objects(_without_isb ${without_isb})
    foreach(objects guest_objects session_objects counted_objects cold_objects)
        set_target_properties(${objects}_without_isb PROPERTIES EXCLUDE_FROM_ALL ON)
    endforeach()
    add_variant(${image}-stamps-without-isb OBJECTS _without_isb KNOBS ${without_isb})
    add_image(${image}-stamps-without-isb VARIANT ${image}-stamps-without-isb OBJECTS _without_isb
        SESSION $<TARGET_OBJECTS:session_objects_without_isb> $<TARGET_OBJECTS:recognise_objects>)
    set_target_properties(${image}-stamps-without-isb PROPERTIES EXCLUDE_FROM_ALL ON)
    add_custom_target(stamps_without_isb DEPENDS ${image}-stamps-without-isb)
    add_test_image(${image}-like-gem5 SESSION $<TARGET_OBJECTS:session_objects> tests/target/like_gem5.cpp)
    add_test_image(${image}-like-arndale SESSION $<TARGET_OBJECTS:session_objects> tests/target/like_arndale.cpp)
    foreach(loader GO NON_SECURE_SVC BOOTM NO_FREQUENCY HELD)
        add_executable(loader-${loader} EXCLUDE_FROM_ALL tests/target/loader.S tests/target/loader.cpp)
        target_link_libraries(loader-${loader} PRIVATE target_options)
        target_compile_options(loader-${loader} PRIVATE -marm -O2)
        target_compile_definitions(loader-${loader} PRIVATE LOADER=${loader})
        target_link_options(loader-${loader} PRIVATE -T ${CMAKE_SOURCE_DIR}/linker/loader.ld)
        set_target_properties(loader-${loader} PROPERTIES SUFFIX .elf
            LINK_DEPENDS ${CMAKE_SOURCE_DIR}/linker/loader.ld)
        add_dependencies(test_images loader-${loader})
    endforeach()
endif()
if(NOT HYPMETER_BOARD STREQUAL virt)
    return()
endif()
# What depends on no board is built, and tested, on one.
include(toolchain/alone_image.cmake)
file(GLOB target_cases CONFIGURE_DEPENDS tests/target/*_cases.cpp)
file(GLOB case_guests CONFIGURE_DEPENDS tests/target/*_vm.S tests/target/cpp_guest.S)
file(GLOB hostile_acts CONFIGURE_DEPENDS tests/target/isolation_*.cpp)
list(REMOVE_ITEM target_cases ${hostile_acts})
add_library(case_objects OBJECT EXCLUDE_FROM_ALL tests/target/session.cpp tests/target/guest_run.cpp
    tests/target/snapshot.cpp tests/target/several_cpus_talk.cpp
    tests/target/several_cpus_power.cpp tests/target/several_cpus_interrupts.cpp ${target_cases})
target_link_libraries(case_objects PRIVATE target_options)
target_compile_options(case_objects PRIVATE ${small_options})
target_precompile_headers(case_objects PRIVATE ${library_headers})
set(case_session $<TARGET_OBJECTS:case_objects> $<TARGET_OBJECTS:recognise_objects> ${case_guests})
add_test_image(${image}-cases SESSION tests/target/tables.cpp ${case_session})
add_test_image(${image}-wrecking SESSION tests/target/wrecking_tables.cpp ${case_session})
add_test_image(${image}-second-core SESSION tests/target/second_core_tables.cpp ${case_session})
# Hostile acts are in both: their code in the guest, what they must lead to in the monitor's image.
add_test_image(${image}-isolation SESSION tests/target/isolation/session.cpp
    tests/target/isolation/bystanders.cpp tests/target/isolation/run.cpp tests/target/snapshot.cpp
    $<TARGET_OBJECTS:recognise_objects> ${hostile_acts}
    GUEST tests/target/isolation/hostile.cpp tests/target/isolation/hostile.S ${hostile_acts}
    GUEST_OPTIONS -Wl,--wrap=guest_main)
target_compile_definitions(${image}-isolation-guest PRIVATE HYPMETER_HOSTILE_GUEST=1)
target_compile_definitions(${image}-isolation PRIVATE HYPMETER_HOSTILE_GUEST=0)
add_test_image(${image}-random SESSION tests/target/random/session.cpp $<TARGET_OBJECTS:recognise_objects>
    tests/target/guest_run.cpp tests/target/snapshot.cpp tests/target/random/vm.S tests/target/random/program.cpp)
add_test_image(${image}-fault SESSION tests/target/faulting_session.cpp $<TARGET_OBJECTS:recognise_objects>)
# A program of our own in the place of foreign tests, under the names of theirs.
add_executable(stand-in EXCLUDE_FROM_ALL tests/foreign/start.S tests/foreign/stand_in.cpp
    drivers/fdt/structure.cpp drivers/fdt/tree.cpp)
target_link_libraries(stand-in PRIVATE target_options)
target_compile_options(stand-in PRIVATE -marm -O2)
target_link_options(stand-in PRIVATE -T ${CMAKE_SOURCE_DIR}/linker/stand_in.ld)
set_target_properties(stand-in PROPERTIES SUFFIX .elf LINK_DEPENDS ${CMAKE_SOURCE_DIR}/linker/stand_in.ld)
foreach(name selftest gic psci pmu spinlock-test)
    set(flat ${CMAKE_BINARY_DIR}/stand-in/${name}.flat)
    add_custom_command(OUTPUT ${flat} COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/stand-in
        COMMAND ${CMAKE_OBJCOPY} -O binary $<TARGET_FILE:stand-in> ${flat} DEPENDS stand-in VERBATIM)
    list(APPEND stand_ins ${flat})
endforeach()
add_custom_target(stand-ins DEPENDS ${stand_ins})
add_dependencies(test_images stand-ins)
# Another hypervisor, which leaves stamps for the guest (guest/abi): in C99, as others are, and a flat image.
set(smallest_script ${CMAKE_SOURCE_DIR}/tests/hypervisor/smallest.ld)
file(GLOB smallest_sources CONFIGURE_DEPENDS tests/hypervisor/*.c)
add_executable(smallest-hypervisor EXCLUDE_FROM_ALL tests/hypervisor/start.S ${smallest_sources})
target_link_libraries(smallest-hypervisor PRIVATE target_options)
target_compile_options(smallest-hypervisor PRIVATE -marm -O2 $<$<COMPILE_LANGUAGE:C>:-mgeneral-regs-only>)
target_link_options(smallest-hypervisor PRIVATE -T ${smallest_script})
set_target_properties(smallest-hypervisor PROPERTIES SUFFIX .elf LINK_DEPENDS ${smallest_script}
    C_STANDARD 99 C_EXTENSIONS OFF)
set(smallest ${CMAKE_BINARY_DIR}/smallest-hypervisor.bin)
add_custom_command(OUTPUT ${smallest} COMMAND ${CMAKE_OBJCOPY} -O binary $<TARGET_FILE:smallest-hypervisor> ${smallest}
    DEPENDS smallest-hypervisor VERBATIM)
add_custom_target(smallest-hypervisor-binary DEPENDS ${smallest})
add_dependencies(test_images smallest-hypervisor-binary)
# Tests write into the files of these two which points take how long, and which interrupt is lost.
add_variant(${image}-points POINTS)
add_variant(${image}-faults FAULTS)
add_test_image(${image}-points VARIANT ${image}-points SESSION ${measuring_session})
add_test_image(${image}-faults VARIANT ${image}-faults SESSION ${measuring_session})
include(toolchain/driver_image.cmake)
