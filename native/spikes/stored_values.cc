#include "spikes/stored_values.h"

#include <system_error>

#include "platform/error.h"

namespace spikeport {

void SpooledValues::read(std::uint64_t first, std::span<std::byte> values) const {
  if (!times_) throw SystemError(std::errc::bad_file_descriptor, "read", "the values of spikes");
  times_->file().read_all(values, offset_ + first * size_of(type()));
}

void ValuesInPlace::read(std::uint64_t first, std::span<std::byte> values) const {
  place_.in.require_open();
  // They keep their type, but for halves, which become float32.
  place_.in.read(place_.offset + first * size_of(place_.stored), place_.stored, {}, type(), values);
  place_.in.require_unchanged();
}

}  // namespace spikeport
