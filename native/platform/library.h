// The addon as a library that the process has loaded.
#pragma once

namespace spikeport::platform {

/** Keeps the library with this function loaded until the process ends: its threads outlive a worker of Node's. */
void stay_loaded();

}  // namespace spikeport::platform
