# Builds the target images from the host's build tree, in the same way as the presets of the boards:
# images-BOARD, boot_images-BOARD, and `images` for all boards.

# A board is a folder in board/ with a board.hpp.
file(GLOB board_facts RELATIVE ${CMAKE_SOURCE_DIR}/board CONFIGURE_DEPENDS
    ${CMAKE_SOURCE_DIR}/board/*/board.hpp)
get_filename_component(builds_dir ${HYPMETER_IMAGES_DIR} DIRECTORY)

add_custom_target(images)
# Images that only tests boot.
add_custom_target(test_images ALL)
foreach(facts ${board_facts})
    get_filename_component(board ${facts} DIRECTORY)
    set(board_tree ${builds_dir}/${board})
    if(board STREQUAL "virt")
        set(board_tree ${HYPMETER_IMAGES_DIR})
    endif()
    # Configured each time, which takes a second: the folder may have been removed meanwhile.
    add_custom_target(images-${board} ALL
        COMMAND ${CMAKE_COMMAND} -G ${CMAKE_GENERATOR} -S ${CMAKE_SOURCE_DIR} -B ${board_tree}
            -DCMAKE_TOOLCHAIN_FILE=${CMAKE_SOURCE_DIR}/toolchain/arm-none-eabi.cmake
            -DCMAKE_BUILD_TYPE=Release -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DHYPMETER_BOARD=${board}
        COMMAND ${CMAKE_COMMAND} --build ${board_tree}
        USES_TERMINAL VERBATIM)
    add_dependencies(images images-${board})
    add_custom_target(boot_images-${board}
        COMMAND ${CMAKE_COMMAND} --build ${board_tree} --target boot_images
        DEPENDS images-${board} USES_TERMINAL VERBATIM)
    add_custom_target(test_images-${board}
        COMMAND ${CMAKE_COMMAND} --build ${board_tree} --target test_images boot_images
        DEPENDS images-${board} USES_TERMINAL VERBATIM)
    add_dependencies(test_images test_images-${board})
endforeach()
# The images with the hostile guest and with the random one, each by itself.
foreach(guest isolation random)
    add_custom_target(${guest}_image
        COMMAND ${CMAKE_COMMAND} --build ${HYPMETER_IMAGES_DIR} --target hypmeter-virt-${guest}
        DEPENDS images-virt USES_TERMINAL VERBATIM)
endforeach()
# The image that does without the ISBs of its stamps, for `test all`: most of it is compiled once more.
add_custom_target(stamps_without_isb
    COMMAND ${CMAKE_COMMAND} --build ${builds_dir}/vexpress --target stamps_without_isb
    DEPENDS images-vexpress USES_TERMINAL VERBATIM)
