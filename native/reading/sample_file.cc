#include "reading/sample_file.h"

#include <algorithm>
#include <stdexcept>

#include "kernels/transpose.h"
#include "reading/file_parts.h"

namespace spikeport {

void SampleFile::read_channel(const platform::InputFile& /*file*/, SampleCache* /*cache*/, std::uint64_t /*channel*/,
                              std::uint64_t /*first*/, std::uint64_t /*count*/, std::byte* /*out*/) const {
  throw std::logic_error("samples of one channel do not lie together");
}

void SampleFile::read_in_order(std::uint64_t first, std::uint64_t count, std::byte* out,
                               const std::function<void(std::uint64_t, std::uint64_t, std::byte*)>& read_some) const {
  if (count == 0) return;
  const std::uint64_t at_once = std::min(count, std::max<std::uint64_t>(1, most_unordered / sample_bytes()));
  const auto by_channel =
      std::make_unique_for_overwrite<std::byte[]>(static_cast<std::size_t>(at_once) * sample_bytes());
  while (count > 0) {
    const std::uint64_t some = std::min(count, at_once);
    read_some(first, some, by_channel.get());
    kernels::transpose(by_channel.get(), some, {.rows = channels(), .columns = some}, size_of(type()), out);
    first += some;
    count -= some;
    out += some * sample_bytes();
  }
}

const platform::InputFile& SampleReader::open() const {
  std::call_once(opening_, [this] {
    const SampleFileId& id = samples_->id();
    file_.emplace(id.path, id.name);
    require_unchanged(*file_, id.opened);
    cache_ = samples_->make_cache();
  });
  return *file_;
}

void SampleReader::read(std::uint64_t first, std::uint64_t count, std::byte* out) const {
  const platform::InputFile& file = open();
  samples_->read(file, cache_.get(), first, count, out);
  require_unchanged(file, samples_->id().opened);
}

void SampleReader::read_channel(std::uint64_t channel, std::uint64_t first, std::uint64_t count, std::byte* out) const {
  const platform::InputFile& file = open();
  samples_->read_channel(file, cache_.get(), channel, first, count, out);
  require_unchanged(file, samples_->id().opened);
}

}  // namespace spikeport
