#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "hdf5/model/plan.h"

namespace spikeport::hdf5::direct {

/** Where the objects are that references are to, as far as it is known: asked for first, and told later. */
class ObjectAddresses {
 public:
  /** Where the address of an object's header will be. It stays there. */
  const std::uint64_t& want(const Reference& reference);

  /** Tells the address of the object that these names lead to. */
  void set(std::span<const std::string_view> names, std::uint64_t header);

  /** Tells those of a group's objects that are named 0, 1, …, whose headers lie behind each other. */
  void set_numbered(std::span<const std::string_view> group, std::uint64_t headers, std::uint64_t header_size);

 private:
  std::map<std::vector<std::string_view>, std::uint64_t> addresses_;
};

}  // namespace spikeport::hdf5::direct
