# libdeflate as the target spikeport_deflate: the system's, or with SPIKEPORT_STATIC one of our own.
if(SPIKEPORT_STATIC)
  spikeport_source(libdeflate LIBDEFLATE)
  file(GLOB LIBDEFLATE_PARTS ${LIBDEFLATE}/lib/*.c ${LIBDEFLATE}/lib/*/*.c)
  add_library(spikeport_deflate STATIC ${LIBDEFLATE_PARTS})
  target_include_directories(spikeport_deflate SYSTEM PUBLIC ${LIBDEFLATE})
  return()
endif()

find_path(LIBDEFLATE_INCLUDE_DIR libdeflate.h)
find_library(LIBDEFLATE_LIBRARY deflate)
if(NOT LIBDEFLATE_INCLUDE_DIR OR NOT LIBDEFLATE_LIBRARY)
  message(FATAL_ERROR "libdeflate is missing: install libdeflate-dev (Debian, Ubuntu), libdeflate-devel (Fedora) or libdeflate (Homebrew).")
endif()

add_library(spikeport_deflate INTERFACE)
target_include_directories(spikeport_deflate SYSTEM INTERFACE ${LIBDEFLATE_INCLUDE_DIR})
target_link_libraries(spikeport_deflate INTERFACE ${LIBDEFLATE_LIBRARY})
