# An image with only drivers, for QEMU's smdkc210: a Cortex-A9 without HYP mode.
add_executable(smdkc210-drivers EXCLUDE_FROM_ALL
    tests/target/smdkc210/start.S tests/target/smdkc210/main.cpp)
target_compile_options(smdkc210-drivers PRIVATE
    -g -march=armv7-a -mno-unaligned-access -marm -O2 -ffreestanding -fno-asynchronous-unwind-tables
    $<$<COMPILE_LANGUAGE:CXX>:-mgeneral-regs-only -fno-exceptions -fno-rtti -fno-threadsafe-statics>)
target_include_directories(smdkc210-drivers PRIVATE ${CMAKE_SOURCE_DIR})
set(driver_script ${CMAKE_SOURCE_DIR}/tests/target/smdkc210/smdkc210.ld)
target_link_options(smdkc210-drivers PRIVATE
    -march=armv7-a -nostartfiles -Wl,--build-id=none -Wl,--no-warn-rwx-segments -T ${driver_script})
set_target_properties(smdkc210-drivers PROPERTIES SUFFIX .elf LINK_DEPENDS ${driver_script})
add_dependencies(test_images smdkc210-drivers)
