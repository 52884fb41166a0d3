#include "spikes/file_in_place.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "engine/errors.h"
#include "platform/error.h"

namespace spikeport {
namespace {

/** Elements read at once before they are converted: enough for a read to be worth its call, few enough for the
 * processor's cache. */
constexpr std::size_t converted_elements = 8192;

/** This thread's buffer for so many bytes of elements. Blocks of the thread's own may be what is filled. */
std::span<std::byte> stored_buffer(std::size_t bytes) {
  thread_local std::vector<std::byte> buffer(converted_elements * sizeof(double));
  return std::span(buffer).first(bytes);
}

}  // namespace

void FileInPlace::require_open() const {
  if (!file) throw SystemError(std::errc::bad_file_descriptor, "read", object);
}

void FileInPlace::require_unchanged() const {
  if (file->state() != opened) refuse_changed();
}

void FileInPlace::read(std::uint64_t offset, const kernels::StoredElements& stored, const kernels::Scaling& scaling,
                       ElementType type, std::span<std::byte> elements) const {
  const bool are_as_in_memory =
      stored == kernels::StoredElements{.type = type} && scaling.kind == kernels::Scaling::Kind::none;
  if (are_as_in_memory) return read(offset, elements);
  while (!elements.empty()) {
    const std::size_t count = std::min(elements.size() / size_of(type), converted_elements);
    const auto in = stored_buffer(count * size_of(stored));
    read(offset, in);
    // Any number becomes a float64, and one of its own type.
    static_cast<void>(kernels::decode(in, stored, scaling, type, elements.data()));
    offset += in.size();
    elements = elements.subspan(count * size_of(type));
  }
}

void FileInPlace::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  if (file->read(bytes, offset) != bytes.size()) refuse_changed();
}

void FileInPlace::refuse_changed() const {
  throw FormatError(file->name(), object, "it was changed since it was loaded");
}

}  // namespace spikeport
