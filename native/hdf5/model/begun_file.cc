#include "hdf5/model/begun_file.h"

#include "engine/errors.h"
#include "replacement/target.h"

namespace spikeport::hdf5 {

void BegunFile::open() {
  const std::lock_guard lock(mutex_);
  if (!partial_) partial_ = std::make_shared<PartialFile>(file_target(target_));
}

void BegunFile::write(std::span<const std::byte> bytes, std::uint64_t address) {
  partial()->file().write(bytes, address);
}

std::shared_ptr<PartialFile> BegunFile::partial() {
  const std::lock_guard lock(mutex_);
  // The environment has ended, and discarded it.
  if (!partial_) throw Cancelled();
  return partial_;
}

PartialFile BegunFile::take() {
  open();
  const std::lock_guard lock(mutex_);
  PartialFile taken = std::move(*partial_);
  partial_.reset();
  return taken;
}

void BegunFile::read(std::span<std::byte> bytes, std::uint64_t address) {
  const auto file = partial();
  std::shared_ptr<const platform::InputFile> input;
  {
    const std::lock_guard lock(mutex_);
    if (!input_) input_ = std::make_shared<platform::InputFile>(file->path(), file->target());
    input = input_;
  }
  if (input->read(bytes, address) < bytes.size()) throw FormatError(file->target(), "", "it was cut off meanwhile");
}

void BegunFile::discard() {
  const std::lock_guard lock(mutex_);
  input_.reset();
  partial_.reset();
}

}  // namespace spikeport::hdf5
