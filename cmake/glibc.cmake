# Where glibc is newer than 2.33: has calls of functions that are too new for old systems sent to native/platform/glibc/baseline.c.
include(CheckSourceCompiles)
check_source_compiles(C "#include <features.h>
#if !defined(__GLIBC__) || !__GLIBC_PREREQ(2, 34)
#error
#endif
int main(void) { return 0; }" SPIKEPORT_NEW_GLIBC)

function(spikeport_old_glibc TARGET)
  if(NOT SPIKEPORT_NEW_GLIBC)
    return()
  endif()
  target_sources(${TARGET} PRIVATE native/platform/glibc/baseline.c)
  foreach(NAME stat lstat fstat fstatat stat64 lstat64 fstat64 fstatat64 pthread_create pthread_detach pthread_once
               __pthread_key_create dlopen dlsym dlclose dlerror pow)
    target_link_options(${TARGET} PRIVATE LINKER:--wrap=${NAME})
  endforeach()
endfunction()
