# Builds the target images from the host's build tree, as the preset `virt` does by itself.
include(ExternalProject)

ExternalProject_Add(images
    SOURCE_DIR ${CMAKE_SOURCE_DIR}
    BINARY_DIR ${HYPMETER_IMAGES_DIR}
    PREFIX ${CMAKE_BINARY_DIR}/images
    CMAKE_ARGS
        -DCMAKE_TOOLCHAIN_FILE=${CMAKE_SOURCE_DIR}/toolchain/arm-none-eabi.cmake
        -DCMAKE_BUILD_TYPE=Release
        -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
        -DHYPMETER_BOARD=virt
    BUILD_ALWAYS ON
    INSTALL_COMMAND "")

# Images that only tests boot.
add_custom_target(test_images ALL
    COMMAND ${CMAKE_COMMAND} --build ${HYPMETER_IMAGES_DIR} --target test_images
    DEPENDS images USES_TERMINAL VERBATIM)
