# The image in every form that a boot loader takes, and the contents of a card: target `boot_images`, folder
# boot/ of the build. Two builds are equal to the byte.

# A board whose facts for the host tool name a card, from which U-Boot boots it, gets a partition for it.
file(STRINGS ${board_dir}/host.hpp cards REGEX "\\.cards = ")

# The images' addresses are written only in the board's linker script.
foreach(base HYP_BASE FOREIGN_BASE)
    file(STRINGS ${board_dir}/memory.ld ${base} REGEX "^${base} *=")
    if(NOT ${base} MATCHES "(0x[0-9a-fA-F]+)")
        message(FATAL_ERROR "board/${HYPMETER_BOARD}/memory.ld sets no ${base}")
    endif()
    string(TOLOWER ${base} variable)
    set(${variable} ${CMAKE_MATCH_1})
endforeach()
# Where U-Boot puts the device tree, and the file that it loads, before it unpacks it. They must not overlap
# the image or each other; on Arndale they lie in the 256 MB of bootm_size
# (include/configs/exynos5-common.h).
math(EXPR tree_address "${hyp_base} + 0x1000000" OUTPUT_FORMAT HEXADECIMAL)
math(EXPR staging_address "${hyp_base} + 0x2000000" OUTPUT_FORMAT HEXADECIMAL)

# A partition that leaves room for boot loaders: on Arndale BL1, SPL, U-Boot and its
# environment lie in sectors 1 to 1104 (U-Boot v2023.01, include/configs/exynos5-common.h and arndale.h).
set(card_start 2048)
set(card_sectors 32768)
# Any fixed number will do: "HYPM".
set(card_serial 4859504d)

# mkimage and mtools take the time from here (https://reproducible-builds.org/specs/source-date-epoch/).
set(fixed_time ${CMAKE_COMMAND} -E env SOURCE_DATE_EPOCH=1388534400 TZ=UTC0 LC_ALL=C)

find_program(MKIMAGE mkimage)
find_program(DTC dtc)
find_program(MFORMAT mformat)
find_program(MCOPY mcopy)
foreach(tool MKIMAGE DTC MFORMAT MCOPY)
    if(NOT ${tool})
        # QEMU takes the ELF image as it is, so these programs may be missing.
        string(TOLOWER ${tool} program)
        add_custom_target(boot_images
            COMMAND ${CMAKE_COMMAND} -E echo "no ${program}: install what toolchain/packages.txt names"
            COMMAND ${CMAKE_COMMAND} -E false VERBATIM)
        return()
    endif()
endforeach()

set(name hypmeter-${HYPMETER_BOARD})
set(boot_dir ${CMAKE_BINARY_DIR}/boot)
file(MAKE_DIRECTORY ${boot_dir})
configure_file(${CMAKE_SOURCE_DIR}/toolchain/boot.cmd.in ${CMAKE_BINARY_DIR}/generated/boot.cmd @ONLY)
configure_file(${CMAKE_SOURCE_DIR}/toolchain/fit.its.in ${CMAKE_BINARY_DIR}/generated/${name}.its @ONLY)

# add_boot_file(FILE COMMAND .. DEPENDS ..): makes a file in boot/, with the fixed time.
function(add_boot_file file)
    cmake_parse_arguments(arg "" "" "COMMAND;DEPENDS" ${ARGN})
    add_custom_command(OUTPUT ${boot_dir}/${file} COMMAND ${fixed_time} ${arg_COMMAND}
        DEPENDS ${arg_DEPENDS} WORKING_DIRECTORY ${boot_dir} VERBATIM)
endfunction()

# Without symbols: they name the compiler's temporary files. The build keeps the whole file.
add_boot_file(${name}.elf
    COMMAND ${CMAKE_OBJCOPY} --strip-all $<TARGET_FILE:${image}> ${name}.elf DEPENDS ${image})

# add_uimage(NAME ELF BASE): ELF, an image that is linked at BASE, as NAME.bin and NAME.uimg.
function(add_uimage name elf base)
    add_boot_file(${name}.bin
        COMMAND ${CMAKE_OBJCOPY} -O binary $<TARGET_FILE:${elf}> ${name}.bin DEPENDS ${elf})
    # `bootm` enters an image of this type in HYP (U-Boot, arch/arm/lib/bootm.c, boot_jump_linux).
    add_boot_file(${name}.uimg
        COMMAND ${MKIMAGE} -A arm -O linux -T kernel -C none -a ${base} -e ${base}
            -n "hypmeter ${PROJECT_VERSION} ${HYPMETER_BOARD}" -d ${name}.bin ${name}.uimg
        DEPENDS ${boot_dir}/${name}.bin)
endfunction()
add_uimage(${name} ${image} ${hyp_base})
# For foreign guests, whose bundle the loader puts beside it.
add_uimage(${name}-foreign ${image}-foreign ${foreign_base})
add_boot_file(${name}.dtb
    COMMAND ${DTC} -q -I dts -O dtb -o ${name}.dtb ${board_dir}/${HYPMETER_BOARD}.dts
    DEPENDS ${board_dir}/${HYPMETER_BOARD}.dts)
add_boot_file(${name}.itb
    COMMAND ${MKIMAGE} -D "-I dts -O dtb -p 500 -i ${boot_dir}"
        -f ${CMAKE_BINARY_DIR}/generated/${name}.its ${name}.itb
    DEPENDS ${boot_dir}/${name}.bin ${boot_dir}/${name}.dtb ${CMAKE_BINARY_DIR}/generated/${name}.its)
add_boot_file(boot.scr
    COMMAND ${MKIMAGE} -A arm -O linux -T script -C none -n "hypmeter ${HYPMETER_BOARD}"
        -d ${CMAKE_BINARY_DIR}/generated/boot.cmd boot.scr
    DEPENDS ${CMAKE_BINARY_DIR}/generated/boot.cmd)
set(boot_files ${name}.elf ${name}.bin ${name}.uimg ${name}.dtb ${name}.itb boot.scr
    ${name}-foreign.bin ${name}-foreign.uimg)

if(cards)
    set(on_card ${name}.bin ${name}.uimg ${name}.dtb ${name}.itb boot.scr)
    list(TRANSFORM on_card PREPEND ${boot_dir}/ OUTPUT_VARIABLE card_files)
    add_custom_command(OUTPUT ${boot_dir}/${name}.fat
        COMMAND ${CMAKE_COMMAND} -E rm -f ${name}.fat
        COMMAND ${fixed_time} ${MFORMAT} -C -i ${name}.fat -v HYPMETER -N ${card_serial}
            -T ${card_sectors} -h 64 -s 32 -H ${card_start} ::
        COMMAND ${fixed_time} ${MCOPY} -i ${name}.fat ${on_card} ::
        DEPENDS ${card_files} WORKING_DIRECTORY ${boot_dir} VERBATIM)
    # Type e is FAT16, addressed by sector number.
    file(CONFIGURE OUTPUT ${boot_dir}/${name}.sfdisk @ONLY CONTENT
"label: dos
label-id: 0x@card_serial@
unit: sectors

start=@card_start@, size=@card_sectors@, type=e, bootable
")
    list(APPEND boot_files ${name}.fat)
endif()

list(TRANSFORM boot_files PREPEND ${boot_dir}/)
add_custom_target(boot_images DEPENDS ${boot_files})
# QEMU gets this one too if its machine has no device tree of its own.
add_custom_target(device_tree ALL DEPENDS ${boot_dir}/${name}.dtb)
# And these, if only a uImage is entered in HYP there.
file(STRINGS ${board_dir}/host.hpp by_uimage REGEX "\\.hyp_by_uimage = true")
if(by_uimage)
    add_custom_target(uimages ALL DEPENDS ${boot_dir}/${name}.uimg ${boot_dir}/${name}-foreign.uimg)
endif()
