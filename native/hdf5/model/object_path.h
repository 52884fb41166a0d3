#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spikeport::hdf5::direct {

/** The names that lead from the root group to an object, its own the last. They point into the path. */
std::vector<std::string_view> names_in(std::string_view path);

/** The names in a path as the library reads it, which passes over empty ones and those that stay where they are. */
std::vector<std::string_view> steps_in(std::string_view path);

/** A path as the library keeps it in a soft link: without a slash behind another, or at the end. */
std::string without_spare_slashes(std::string_view path);

/** Plain ASCII names stay plain ASCII: a group of UTF-8 names cannot have the oldest format. */
bool is_ascii(std::string_view text);

/** Whether an object, or an attribute, of the oldest format can have this name. */
bool is_plain_name(std::string_view name);

}  // namespace spikeport::hdf5::direct
