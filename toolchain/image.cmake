# The target images: the guest, and the monitor with the guest inside.
enable_language(ASM)
set(HYPMETER_BOARD virt CACHE STRING "Board: a folder of boot/board")
set(board_dir ${CMAKE_SOURCE_DIR}/boot/board/${HYPMETER_BOARD})
if(NOT IS_DIRECTORY ${board_dir})
    message(FATAL_ERROR "HYPMETER_BOARD=${HYPMETER_BOARD}: there is no such folder in boot/board")
endif()
configure_file(${CMAKE_SOURCE_DIR}/boot/version.hpp.in ${CMAKE_BINARY_DIR}/generated/version.hpp)
configure_file(${CMAKE_SOURCE_DIR}/linker/${HYPMETER_BOARD}.ld ${CMAKE_BINARY_DIR}/linker/board.ld
               COPYONLY)

# -mgeneral-regs-only: no VFP or NEON anywhere but where it is asked for by name. Unaligned accesses
# would fault while the MMU is off (ARM DDI 0406C.d, A3.2.1).
add_library(target_options INTERFACE)
target_compile_options(target_options INTERFACE
    -O2 -g -marm -march=armv7ve -mno-unaligned-access -ffreestanding -ffunction-sections -fdata-sections
    -fno-asynchronous-unwind-tables -fno-strict-aliasing
    $<$<COMPILE_LANGUAGE:CXX>:-mgeneral-regs-only -fno-exceptions -fno-rtti -fno-threadsafe-statics
        -fno-use-cxa-atexit>)
target_include_directories(target_options INTERFACE
    ${CMAKE_SOURCE_DIR} ${board_dir} ${CMAKE_BINARY_DIR}/generated)
target_link_options(target_options INTERFACE
    -marm -march=armv7ve -nostartfiles -Wl,--gc-sections -Wl,--build-id=none
    -Wl,--no-warn-rwx-segments -L${CMAKE_BINARY_DIR}/linker)

file(GLOB guest_sources CONFIGURE_DEPENDS guest/core/*.cpp guest/hw/*.cpp)
add_library(guest_objects OBJECT ${guest_sources} guest/hw/start.S)
target_link_libraries(guest_objects PRIVATE target_options)

file(GLOB monitor_sources CONFIGURE_DEPENDS
    boot/*.cpp drivers/*/*.cpp hyp/core/*.cpp hyp/hw/*.cpp measure/*.cpp)
list(REMOVE_ITEM monitor_sources ${CMAKE_SOURCE_DIR}/boot/main.cpp)
add_library(monitor_objects OBJECT ${monitor_sources} boot/reset.S)
target_link_libraries(monitor_objects PRIVATE target_options)

# add_image(NAME [MAIN sources..] [DEFINITIONS ..]): an image of the monitor. The definitions reach the two
# vector files alone: they place the NOPs that prove the attribution of layers.
function(add_image name)
    cmake_parse_arguments(arg "" "" "MAIN;DEFINITIONS" ${ARGN})
    set(guest ${name}-guest)
    add_executable(${guest} guest/hw/vectors.S $<TARGET_OBJECTS:guest_objects>)
    target_link_libraries(${guest} PRIVATE target_options)
    target_compile_definitions(${guest} PRIVATE ${arg_DEFINITIONS})
    target_link_options(${guest} PRIVATE -T ${CMAKE_SOURCE_DIR}/linker/guest.ld)
    set_target_properties(${guest} PROPERTIES SUFFIX .elf
        LINK_DEPENDS "${CMAKE_SOURCE_DIR}/linker/guest.ld;${CMAKE_SOURCE_DIR}/linker/${HYPMETER_BOARD}.ld")

    set(binary ${CMAKE_CURRENT_BINARY_DIR}/${guest}.bin)
    set(embedding ${CMAKE_CURRENT_BINARY_DIR}/${guest}.S)
    file(CONFIGURE OUTPUT ${embedding} CONTENT ".section .guest, \"a\"\n.incbin \"${guest}.bin\"\n")
    add_custom_command(OUTPUT ${binary}
        COMMAND ${CMAKE_OBJCOPY} -O binary $<TARGET_FILE:${guest}> ${binary} DEPENDS ${guest} VERBATIM)
    set_source_files_properties(${embedding} PROPERTIES OBJECT_DEPENDS ${binary})

    add_executable(${name} hyp/hw/vectors.S ${embedding} ${arg_MAIN} $<TARGET_OBJECTS:monitor_objects>)
    target_link_libraries(${name} PRIVATE target_options)
    target_compile_definitions(${name} PRIVATE ${arg_DEFINITIONS})
    target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:ASM>:-Wa,-I${CMAKE_CURRENT_BINARY_DIR}>)
    target_link_options(${name} PRIVATE -T ${CMAKE_SOURCE_DIR}/linker/hyp.ld)
    set_target_properties(${name} PROPERTIES SUFFIX .elf
        LINK_DEPENDS "${CMAKE_SOURCE_DIR}/linker/hyp.ld;${CMAKE_SOURCE_DIR}/linker/${HYPMETER_BOARD}.ld")
endfunction()

add_image(hypmeter-${HYPMETER_BOARD} MAIN boot/main.cpp)
