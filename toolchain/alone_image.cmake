# The guest by itself: one flat image, hypmeter-alone, for any board and any hypervisor. It runs wherever it is
# loaded: the linker leaves a list of the words that hold addresses, so no address may be in two instructions.

add_library(alone_options INTERFACE)
target_link_libraries(alone_options INTERFACE bare_options)
target_compile_options(alone_options INTERFACE -marm -mword-relocations)
target_include_directories(alone_options INTERFACE ${CMAKE_SOURCE_DIR}/guest/board/alone/hw)

# What is measured is compiled for speed, as the guest in the monitor is; all else for size.
add_library(alone_guest_objects OBJECT ${guest_sources} ${guest_knob_sources} guest/hw/start.S)
target_link_libraries(alone_guest_objects PRIVATE alone_options)
target_compile_options(alone_guest_objects PRIVATE -O2 $<$<COMPILE_LANGUAGE:CXX>:-mgeneral-regs-only>)
target_compile_definitions(alone_guest_objects PRIVATE ${no_points} HYPMETER_FAULTS=0)
add_library(alone_float_objects OBJECT guest/bench/parity.cpp)
target_link_libraries(alone_float_objects PRIVATE alone_options)
target_compile_options(alone_float_objects PRIVATE -O2 -mfpu=vfpv4 -mfloat-abi=softfp -ffp-contract=off)

file(GLOB alone_sources RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS
    alone/core/*.cpp alone/hw/*.cpp alone/hw/*.S drivers/fdt/*.cpp measure/*.cpp measure/*/*.cpp)
add_executable(alone-elf ${alone_sources} session/core/reporter.cpp boot/memory_functions.cpp
    $<TARGET_OBJECTS:alone_guest_objects> $<TARGET_OBJECTS:alone_float_objects>)
target_link_libraries(alone-elf PRIVATE alone_options)
target_compile_options(alone-elf PRIVATE -Os $<$<COMPILE_LANGUAGE:CXX>:-mgeneral-regs-only>)
target_link_options(alone-elf PRIVATE -march=armv7ve -nostartfiles -T ${CMAKE_SOURCE_DIR}/linker/alone.ld
    -pie -Wl,-z,notext -Wl,-z,combreloc -Wl,--no-dynamic-linker -Wl,--gc-sections -Wl,--build-id=none
    -Wl,--no-warn-rwx-segments)
set_target_properties(alone-elf PROPERTIES OUTPUT_NAME hypmeter-alone SUFFIX .elf
    LINK_DEPENDS ${CMAKE_SOURCE_DIR}/linker/alone.ld)

set(alone_image ${CMAKE_BINARY_DIR}/hypmeter-alone)
add_custom_command(OUTPUT ${alone_image}
    COMMAND ${CMAKE_OBJCOPY} -O binary $<TARGET_FILE:alone-elf> ${alone_image}
    DEPENDS alone-elf VERBATIM)
add_custom_target(alone_image ALL DEPENDS ${alone_image})
