# What a self-contained addon is compiled and linked with: it carries the libraries it uses and shows none of their names, so that
# it neither needs anything installed nor meets other copies of them in the same process.
include(cmake/source.cmake)
include(cmake/glibc.cmake)

set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
add_compile_options(-ffunction-sections -fdata-sections)
# No place on the machine that builds it, either.
add_compile_options("-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")

function(spikeport_self_contained TARGET)
  if(APPLE)
    target_link_options(${TARGET} PRIVATE LINKER:-dead_strip LINKER:-exported_symbols_list,${CMAKE_SOURCE_DIR}/cmake/exports.txt)
    return()
  endif()
  # libgcc stays shared: Node has it loaded, and exceptions are unwound by one of them.
  target_link_options(${TARGET} PRIVATE -static-libstdc++ LINKER:--exclude-libs,ALL LINKER:-Bsymbolic LINKER:--gc-sections
                      LINKER:--version-script,${CMAKE_SOURCE_DIR}/cmake/exports.map)
  spikeport_old_glibc(${TARGET})
endfunction()
