#pragma once

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

/*
 * What Linux does better than POSIX asks, and what every POSIX system does instead. SPIKEPORT_POSIX_ONLY has Linux do
 * without, too, so that this can be tested.
 */
#if defined(__linux__) && !defined(SPIKEPORT_POSIX_ONLY)
#define SPIKEPORT_LINUX
#endif

namespace spikeport::system {

/** Locks an open file for as long as it is open. False when another has it locked, or when `errno` says why not. */
inline bool lock_file(int fd) {
#ifdef SPIKEPORT_LINUX
  // Not flock: the HDF5 library takes that for itself, in versions that cannot be told not to.
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return ::fcntl(fd, F_OFD_SETLK, &whole) == 0;
#else
  return ::flock(fd, LOCK_EX | LOCK_NB) == 0;
#endif
}

/** Locks an open folder for as long as it is open. False when another has it locked, or when `errno` says why not. */
inline bool lock_folder(int fd) { return ::flock(fd, LOCK_EX | LOCK_NB) == 0; }

/** The same, beside others that do no more than this. */
inline bool share_folder(int fd) { return ::flock(fd, LOCK_SH | LOCK_NB) == 0; }

/** Ends that lock before the folder is closed. */
inline void unlock_folder(int fd) { ::flock(fd, LOCK_UN); }

/** Whether a lock was refused because another has it: a file system without locks says otherwise. */
inline bool is_locked_elsewhere(int error) { return error == EAGAIN || error == EACCES || error == EINTR; }

/** When a file was last changed, in ns. */
inline std::int64_t change_time(const struct stat& status) {
#ifdef __APPLE__
  const timespec& time = status.st_ctimespec;
#else
  const timespec& time = status.st_ctim;
#endif
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/** Reserves room on the disk, if the system can. False when `errno` says why not. */
inline bool reserve(int fd, std::uint64_t offset, std::uint64_t size) {
#ifdef SPIKEPORT_LINUX
  // Not posix_fallocate: where the file system cannot, that writes every block itself.
  while (::fallocate(fd, 0, static_cast<off_t>(offset), static_cast<off_t>(size)) != 0) {
    if (errno == EINTR) continue;
    return errno == EOPNOTSUPP || errno == ENOSYS;
  }
#else
  static_cast<void>(fd), static_cast<void>(offset), static_cast<void>(size);
#endif
  return true;
}

/** Waits until what was written is on the disk. False when `errno` says why not. */
inline bool flush(int fd) {
#ifdef F_FULLFSYNC
  // On macOS fsync leaves it in the disk's own memory; where there is no such call, it is the best there is.
  if (::fcntl(fd, F_FULLFSYNC) == 0) return true;
#endif
  return ::fsync(fd) == 0;
}

/** Keeps the library with this function in memory to the end of the process: its threads outlive a worker of Node's. */
inline void stay_loaded() {
#ifndef SPIKEPORT_LINUX
  // On Linux the linker has marked it (-z nodelete).
  Dl_info own{};
  if (::dladdr(reinterpret_cast<const void*>(&stay_loaded), &own) != 0)
    ::dlopen(own.dli_fname, RTLD_NOW | RTLD_NODELETE);
#endif
}

}  // namespace spikeport::system
