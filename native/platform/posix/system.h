// What POSIX's descriptors of files and folders have in common, and what Linux does better. For this folder alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <span>
#include <string>
#include <system_error>

#include "platform/entry.h"
#include "platform/lock.h"

// SPIKEPORT_POSIX_ONLY has Linux do without what only Linux has, so that the other branches can be tested there.
#if defined(__linux__) && !defined(SPIKEPORT_POSIX_ONLY)
#define SPIKEPORT_LINUX
#endif

namespace spikeport::platform {

/** The descriptor that a file's handle is. */
[[nodiscard]] inline int descriptor(std::intptr_t handle) { return static_cast<int>(handle); }

/** A time of a file in nanoseconds since 1970. */
[[nodiscard]] inline std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/** The error of `errno`. */
[[nodiscard]] std::error_code last_error();

/** Throws the error of `errno` as a SystemError. */
[[noreturn]] void throw_last_error(const char* call, const std::string& name);

/** The permission bits that a new file or folder may have at most, of those in `most`. */
[[nodiscard]] std::uint32_t first_mode(const std::optional<Permissions>& replaced, std::uint32_t most);

/** Reads from an offset on, until the end of the file. Returns how many bytes that were. */
[[nodiscard]] std::size_t read_all(int fd, std::span<std::byte> bytes, std::uint64_t offset, const std::string& name);

[[nodiscard]] Status status_of(int fd, const std::string& name);

/** Whether an open file or folder is still what a path leads to. */
[[nodiscard]] bool is_at(int fd, const std::string& path, const std::string& name);

/** What came of a call that locks, from its result and `errno`. */
[[nodiscard]] Lock outcome_of_lock(int result);

/** Waits until what was written is on the disk. False on failure, with the reason in `errno`. */
[[nodiscard]] bool flush(int fd);

}  // namespace spikeport::platform
