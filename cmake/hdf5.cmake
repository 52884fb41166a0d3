# The HDF5 C library as the target spikeport_hdf5: the system's, 1.10.3 or newer.
set(HDF5_PREFER_PARALLEL OFF)
find_package(HDF5 1.10.3 REQUIRED COMPONENTS C)

add_library(spikeport_hdf5 INTERFACE)
target_include_directories(spikeport_hdf5 SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS})
target_link_libraries(spikeport_hdf5 INTERFACE ${HDF5_C_LIBRARIES})
target_compile_definitions(spikeport_hdf5 INTERFACE ${HDF5_C_DEFINITIONS})
