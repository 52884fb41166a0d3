# zlib, for HDF5's deflate filter, as the static library spikeport_zlib. Without its functions for gzip files, which HDF5 has no use for.
spikeport_source(zlib ZLIB)
set(ZLIB_PARTS adler32 compress crc32 deflate inffast inflate inftrees trees uncompr zutil)
list(TRANSFORM ZLIB_PARTS REPLACE "(.+)" "${ZLIB}/\\1.c")
add_library(spikeport_zlib STATIC ${ZLIB_PARTS})
target_include_directories(spikeport_zlib SYSTEM PUBLIC ${ZLIB})
