// Threads, as debuggers and monitors show them.
#pragma once

namespace spikeport::platform {

/** Names the calling thread, where the system has names for threads: at most 15 characters. */
void name_thread(const char* name);

}  // namespace spikeport::platform
