#include "reading/sample_file.h"

#include <stdexcept>

#include "reading/file_parts.h"

namespace spikeport {

void SampleFile::read_channel(const platform::InputFile& /*file*/, SampleCache* /*cache*/, std::uint64_t /*channel*/,
                              std::uint64_t /*first*/, std::uint64_t /*count*/, std::byte* /*out*/) const {
  throw std::logic_error("samples of one channel do not lie together");
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
