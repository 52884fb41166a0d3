// The addon as a library that the process has loaded.
#include "platform/library.h"

#include <dlfcn.h>

#include "platform/posix/system.h"

namespace spikeport::platform {

void stay_loaded() {
#ifndef SPIKEPORT_LINUX
  // On Linux the linker has marked it (-z nodelete).
  Dl_info own{};
  if (::dladdr(reinterpret_cast<const void*>(&stay_loaded), &own) != 0)
    ::dlopen(own.dli_fname, RTLD_NOW | RTLD_NODELETE);
#endif
}

}  // namespace spikeport::platform
