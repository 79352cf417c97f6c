# Makes generated/page_parts.hpp: the page of `report --format html`, as text within the program.

set(page_folder ${CMAKE_CURRENT_LIST_DIR})
set(page_files ${page_folder}/page.mustache ${page_folder}/page_table.mustache ${page_folder}/page.css)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page_files})
file(READ ${page_folder}/page.mustache page_template)
file(READ ${page_folder}/page_table.mustache page_table)
file(READ ${page_folder}/page.css page_style)
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/generated/page_parts.hpp @ONLY CONTENT
"#pragma once
// Made by host/report/page/parts.cmake.

#include <string_view>

namespace hm::host::page {

inline constexpr std::string_view kPageTemplate = R\"page(@page_template@)page\";
inline constexpr std::string_view kPageTable = R\"page(@page_table@)page\";
inline constexpr std::string_view kPageStyle = R\"page(@page_style@)page\";

}  // namespace hm::host::page
")
