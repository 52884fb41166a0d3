#include "spikes/value_layout.h"

#include <cstring>

namespace spikeport {
namespace {

/** Copies elements of one size, each so many bytes after the one before it. */
template <std::size_t size>
void copy_strided(std::byte* to, std::size_t to_stride, const std::byte* from, std::size_t from_stride,
                  std::size_t count) {
  for (std::size_t i = 0; i < count; i++) std::memcpy(to + i * to_stride, from + i * from_stride, size);
}

void copy_elements(std::size_t size, std::byte* to, std::size_t to_stride, const std::byte* from,
                   std::size_t from_stride, std::size_t count) {
  switch (size) {
    case 1:
      return copy_strided<1>(to, to_stride, from, from_stride, count);
    case 2:
      return copy_strided<2>(to, to_stride, from, from_stride, count);
    case 4:
      return copy_strided<4>(to, to_stride, from, from_stride, count);
    default:
      return copy_strided<8>(to, to_stride, from, from_stride, count);
  }
}

}  // namespace

void ValueLayout::put(std::size_t column, std::span<const std::byte> values, const kernels::Records& records) const {
  if (values.empty()) return;
  const std::size_t size = size_of(types_[column]);
  copy_elements(size, records.bytes.data() + offsets_[column], record_size_, values.data(), size, values.size() / size);
}

void ValueLayout::take(std::size_t column, const kernels::Records& records, std::span<std::byte> values) const {
  if (values.empty()) return;
  const std::size_t size = size_of(types_[column]);
  copy_elements(size, values.data(), size, records.bytes.data() + offsets_[column], record_size_, values.size() / size);
}

}  // namespace spikeport
