# The HDF5 C library as the target spikeport_hdf5: the system's, 1.10.3 or newer, or with SPIKEPORT_STATIC one of our own.
add_library(spikeport_hdf5 INTERFACE)

if(NOT SPIKEPORT_STATIC)
  set(HDF5_PREFER_PARALLEL OFF)
  find_package(HDF5 1.10.3 REQUIRED COMPONENTS C)
  target_include_directories(spikeport_hdf5 SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS})
  target_link_libraries(spikeport_hdf5 INTERFACE ${HDF5_C_LIBRARIES})
  target_compile_definitions(spikeport_hdf5 INTERFACE ${HDF5_C_DEFINITIONS})
  return()
endif()

include(cmake/zlib.cmake)

# A function, so that these settings are HDF5's and nobody else's.
function(add_hdf5)
  spikeport_source(hdf5 SOURCE)
  set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)
  set(BUILD_SHARED_LIBS OFF)
  set(BUILD_TESTING OFF)
  set(HDF5_EXTERNALLY_CONFIGURED ON)
  # The C library and its deflate filter, nothing else. Half floats are a feature of the compiler that takes a new libgcc.
  foreach(PART BUILD_TOOLS BUILD_HL_LIB BUILD_CPP_LIB BUILD_FORTRAN BUILD_JAVA BUILD_EXAMPLES BUILD_DOC BUILD_UTILS
               BUILD_STATIC_TOOLS ENABLE_SZIP_SUPPORT ENABLE_PLUGIN_SUPPORT ENABLE_PARALLEL ENABLE_NONSTANDARD_FEATURES ENABLE_EMBEDDED_LIBINFO)
    set(HDF5_${PART} OFF)
  endforeach()
  # Its name is one in 1.x and the other in 2.x.
  set(HDF5_ENABLE_Z_LIB_SUPPORT ON)
  set(HDF5_ENABLE_ZLIB_SUPPORT ON)
  set(H5_ZLIB_HEADER zlib.h)
  get_target_property(H5_ZLIB_INCLUDE_DIRS spikeport_zlib INTERFACE_INCLUDE_DIRECTORIES)
  set(HDF5_LIB_DEPENDENCIES spikeport_zlib)
  # It is loud about its own code.
  set(HDF5_DISABLE_COMPILER_WARNINGS ON)
  set(HDF5_ENABLE_ALL_WARNINGS OFF)
  add_subdirectory("${SOURCE}" ${CMAKE_BINARY_DIR}/hdf5 EXCLUDE_FROM_ALL)
  # It is not the hot path, and a third larger with -O3. Its error messages name its files: by short names.
  target_compile_options(hdf5-static PRIVATE -O2 "-ffile-prefix-map=${SOURCE}/=hdf5/")
endfunction()
add_hdf5()

get_target_property(HDF5_INCLUDES hdf5-static INTERFACE_INCLUDE_DIRECTORIES)
target_include_directories(spikeport_hdf5 SYSTEM INTERFACE ${HDF5_INCLUDES})
target_link_libraries(spikeport_hdf5 INTERFACE hdf5-static spikeport_zlib)
