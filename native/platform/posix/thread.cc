// Threads, as debuggers and monitors show them.
#include "platform/thread.h"

#include "platform/posix/system.h"

#ifdef SPIKEPORT_LINUX
#include <sys/prctl.h>
#elif defined(__APPLE__)
#include <pthread.h>
#endif

namespace spikeport::platform {

void name_thread([[maybe_unused]] const char* name) {
#ifdef SPIKEPORT_LINUX
  // Not pthread_setname_np, which glibc 2.34 moved to another library.
  ::prctl(PR_SET_NAME, name);
#elif defined(__APPLE__)
  ::pthread_setname_np(name);
#endif
}

}  // namespace spikeport::platform
