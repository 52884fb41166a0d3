// Paths as texts: nothing here looks at the file system.
#pragma once

#include <cstddef>
#include <string>

namespace spikeport::platform {

// A path is UTF-8 on every system; on POSIX it may be any bytes but NUL. Windows has `\` beside `/`, drives, and
// shares, and takes UTF-16: its sources convert at each call.

/** The longest name of a file: bytes on POSIX, UTF-16 code units on Windows. */
constexpr std::size_t longest_name = 255;

[[nodiscard]] std::string join(const std::string& folder, const std::string& name);

/** The path of the folder that something lies in; empty for a bare name. */
[[nodiscard]] std::string parent_of(const std::string& path);

/** The last name of a path; empty after a trailing separator. */
[[nodiscard]] std::string name_of(const std::string& path);

/** A folder's path without trailing separators and `.`, unless nothing else is left of it. */
[[nodiscard]] std::string without_trailing_separators(std::string path);

}  // namespace spikeport::platform
