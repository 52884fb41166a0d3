#include "hdf5/direct/object_addresses.h"

#include <algorithm>
#include <charconv>

#include "hdf5/direct/encoder.h"
#include "hdf5/model/object_path.h"

namespace spikeport::hdf5::direct {

const std::uint64_t& ObjectAddresses::want(const Reference& reference) {
  return addresses_.try_emplace(steps_in(reference.target), undefined_address).first->second;
}

void ObjectAddresses::set(std::span<const std::string_view> names, std::uint64_t header) {
  if (addresses_.empty()) return;
  const auto found = addresses_.find({names.begin(), names.end()});
  if (found != addresses_.end()) found->second = header;
}

void ObjectAddresses::set_numbered(std::span<const std::string_view> group, std::uint64_t headers,
                                   std::uint64_t header_size) {
  for (auto& [names, address] : addresses_) {
    if (names.size() != group.size() + 1 || !std::ranges::equal(group, std::span(names).first(group.size()))) continue;
    std::uint64_t number = 0;
    std::from_chars(names.back().begin(), names.back().end(), number);
    address = headers + number * header_size;
  }
}

}  // namespace spikeport::hdf5::direct
