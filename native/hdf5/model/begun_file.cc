#include "hdf5/model/begun_file.h"

#include "engine/errors.h"
#include "replacement/target.h"

namespace spikeport::hdf5 {

void BegunFile::open() {
  const std::lock_guard lock(mutex_);
  if (!partial_) partial_.emplace(file_target(target_));
}

void BegunFile::write(std::span<const std::byte> bytes, std::uint64_t address) {
  // Open since before the first chunk came, and until the last one is written.
  partial_->file().write(bytes, address);
}

PartialFile BegunFile::take() {
  open();
  const std::lock_guard lock(mutex_);
  PartialFile taken = std::move(*partial_);
  partial_.reset();
  return taken;
}

void BegunFile::read(std::span<std::byte> bytes, std::uint64_t address) {
  const platform::InputFile& input = [this]() -> const platform::InputFile& {
    const std::lock_guard lock(mutex_);
    if (!input_) input_.emplace(partial_->path(), partial_->target());
    return *input_;
  }();
  if (input.read(bytes, address) < bytes.size()) throw FormatError(partial_->target(), "", "it was cut off meanwhile");
}

void BegunFile::discard() {
  const std::lock_guard lock(mutex_);
  input_.reset();
  partial_.reset();
}

}  // namespace spikeport::hdf5
