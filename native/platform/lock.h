// Locks of open files and folders.
#pragma once

#include <cstdint>

namespace spikeport::platform {

/**
 * What came of trying to lock an open file or folder. Locks exclude one another between threads and between processes,
 * last until the file or folder is closed, leave nothing on the disk, and end with their process.
 *
 * Files have locks of their open file description on Linux (F_OFD_SETLK), flock elsewhere. Folders have flock. Windows,
 * which locks no folders, has to lock something that stands for the folder.
 */
enum class Lock : std::uint8_t {
  taken,
  /** Another holds it. */
  held,
  /** The file system has no locks. */
  unavailable,
};

}  // namespace spikeport::platform
