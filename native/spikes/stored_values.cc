#include "spikes/stored_values.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "engine/errors.h"
#include "platform/error.h"

namespace spikeport {
namespace {

/** Elements read at once before they are converted: they stay in the processor's cache. */
constexpr std::size_t decoded_values = 8192;

}  // namespace

void SpooledValues::read(std::uint64_t first, std::span<std::byte> values) const {
  if (!times_) throw SystemError(std::errc::bad_file_descriptor, "read", "the values of spikes");
  const platform::File& file = times_->file();
  if (file.read(values, offset_ + first * size_of(type())) < values.size()) {
    throw SystemError(std::errc::io_error, "read", file.name());
  }
}

void ValuesInPlace::read(std::uint64_t first, std::span<std::byte> values) const {
  if (!place_.file) throw SystemError(std::errc::bad_file_descriptor, "read", place_.object);
  const platform::InputFile& file = *place_.file;
  const auto fill = [&](std::span<std::byte> bytes) {
    const std::size_t done = file.read(bytes, place_.offset + first * size_of(place_.stored));
    if (done < bytes.size()) throw FormatError(file.name(), place_.object, "it was changed since it was loaded");
  };
  if (place_.stored == kernels::StoredElements{.type = type()}) {
    fill(values);
  } else {
    std::vector<std::byte> stored;
    while (!values.empty()) {
      const std::size_t count = std::min(values.size() / size_of(type()), decoded_values);
      stored.resize(count * size_of(place_.stored));
      fill(stored);
      // Elements keep their type, but for halves, which become float32.
      static_cast<void>(kernels::decode(stored, place_.stored, {}, type(), values.data()));
      first += count;
      values = values.subspan(count * size_of(type()));
    }
  }
  // Afterwards: what was written before the bytes were read has changed the file's time by now.
  if (file.state() != place_.opened) {
    throw FormatError(file.name(), place_.object, "it was changed since it was loaded");
  }
}

}  // namespace spikeport
