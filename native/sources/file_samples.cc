#include "sources/file_samples.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sources/int16.h"

namespace spikeport {
namespace {

/** Reads elements of samples × channels, which may begin and end within a sample. */
void read_elements(const SampleReader& reader, std::uint64_t first, std::span<std::byte> block) {
  const std::size_t element = size_of(reader.file().type());
  const std::size_t sample_bytes = reader.file().sample_bytes();
  const std::uint64_t channels = reader.file().channels();
  std::vector<std::byte> one;
  while (!block.empty()) {
    const auto skipped = static_cast<std::size_t>(first % channels) * element;
    std::size_t filled = 0;
    if (skipped == 0 && block.size() >= sample_bytes) {
      const std::size_t whole = block.size() / sample_bytes;
      reader.read(first / channels, whole, block.data());
      filled = whole * sample_bytes;
    } else {
      one.resize(sample_bytes);
      reader.read(first / channels, 1, one.data());
      filled = std::min(sample_bytes - skipped, block.size());
      std::ranges::copy(std::span(one).subspan(skipped, filled), block.begin());
    }
    first += filled / element;
    block = block.subspan(filled);
  }
}

std::vector<std::uint64_t> shape_of(const SampleFile& file, bool by_channel) {
  if (by_channel) return {file.channels(), file.samples()};
  return {file.samples(), file.channels()};
}

}  // namespace

FileSamples::FileSamples(std::shared_ptr<const SampleFile> file, bool by_channel)
    : Source(file->type(), shape_of(*file, by_channel)), reader_(std::move(file)), by_channel_(by_channel) {}

void FileSamples::fill(std::uint64_t first, std::span<std::byte> block) const {
  if (!by_channel_) return read_elements(reader_, first, block);
  const std::size_t element = size_of(type());
  const std::uint64_t samples = shape()[1];
  while (!block.empty()) {
    const std::uint64_t sample = first % samples;
    const std::uint64_t count = std::min<std::uint64_t>(samples - sample, block.size() / element);
    reader_.read_channel(first / samples, sample, count, block.data());
    first += count;
    block = block.subspan(static_cast<std::size_t>(count) * element);
  }
}

FileInt16::FileInt16(std::shared_ptr<const SampleFile> file, std::uint64_t skipped, std::optional<double> scale)
    : Source(ElementType::i16, {file->samples() - skipped, file->channels()}),
      reader_(std::move(file)),
      skipped_(skipped),
      scale_(scale) {}

void FileInt16::fill(std::uint64_t first, std::span<std::byte> block) const {
  const std::uint64_t channels = reader_.file().channels();
  first += skipped_ * channels;
  const ElementType type = reader_.file().type();
  if (type == ElementType::i16 && !scale_) return read_elements(reader_, first, block);
  const auto out = as_numbers<std::int16_t>(block);
  const std::size_t bytes = out.size() * size_of(type);
  const auto read = std::make_unique_for_overwrite<std::byte[]>(bytes);
  read_elements(reader_, first, {read.get(), bytes});
  with_type(type, [&]<typename T>(T /*zero*/) {
    const T* const numbers = reinterpret_cast<const T*>(read.get());
    const std::size_t fit = to_int16(numbers, scale_, out);
    if (fit == out.size()) return;
    refuse_int16(static_cast<double>(numbers[fit]), (first + fit) / channels, (first + fit) % channels,
                 scale_.has_value());
  });
}

}  // namespace spikeport
