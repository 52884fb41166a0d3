#include "reading/flat_samples.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "engine/errors.h"

namespace spikeport {

std::optional<std::uint64_t> FlatLayout::byte_size() const {
  if (channels == 0 || samples == 0) return 0;
  constexpr std::uint64_t most = std::uint64_t{1} << 59U;
  const std::uint64_t rows = by_channel ? channels : samples;
  const std::uint64_t row = by_channel ? samples : channels;
  if (stride > most / rows || row > most) return std::nullopt;
  return ((rows - 1) * stride + row) * size_of(stored);
}

FlatSamples::FlatSamples(SampleFileId id, const FlatLayout& layout)
    : SampleFile(std::move(id), layout.stored.type, layout.channels, layout.samples),
      layout_(layout),
      is_plain_(layout.stored == kernels::StoredElements{.type = layout.stored.type}) {}

void FlatSamples::read_stored(const platform::InputFile& file, std::uint64_t first, std::span<std::byte> out) const {
  if (file.read(out, layout_.offset + first * size_of(layout_.stored)) == out.size()) return;
  throw FormatError(id().name, "", "the file has become shorter while it was read");
}

void FlatSamples::decode(std::span<const std::byte> stored, std::byte* out) const {
  // No number fails to become one of its own type.
  static_cast<void>(kernels::decode(stored, layout_.stored, {}, type(), out));
}

void FlatSamples::read(const platform::InputFile& file, SampleCache* cache, std::uint64_t first, std::uint64_t count,
                       std::byte* out) const {
  if (layout_.by_channel) {
    return read_in_order(first, count, out, [&](std::uint64_t begin, std::uint64_t some, std::byte* rows) {
      const std::size_t bytes = static_cast<std::size_t>(some) * size_of(type());
      for (std::uint64_t channel = 0; channel < channels(); channel++) {
        read_channel(file, cache, channel, begin, some, rows + channel * bytes);
      }
    });
  }
  const std::uint64_t frame_bytes = layout_.stride * size_of(layout_.stored);
  while (count > 0) {
    const std::uint64_t some = std::min(count, std::max<std::uint64_t>(1, most_unordered / frame_bytes));
    read_by_sample(file, first, some, out);
    first += some;
    count -= some;
    out += some * sample_bytes();
  }
}

void FlatSamples::read_by_sample(const platform::InputFile& file, std::uint64_t first, std::uint64_t count,
                                 std::byte* out) const {
  const std::size_t size = size_of(layout_.stored);
  const auto channel_bytes = static_cast<std::size_t>(channels()) * size;
  const auto frame_bytes = static_cast<std::size_t>(layout_.stride) * size;
  // Behind the last sample there may be nothing.
  const std::size_t bytes = static_cast<std::size_t>(count - 1) * frame_bytes + channel_bytes;
  if (is_plain_ && channel_bytes == frame_bytes) return read_stored(file, first * layout_.stride, {out, bytes});
  const auto memory = std::make_unique_for_overwrite<std::byte[]>(bytes);
  const std::span frames(memory.get(), bytes);
  read_stored(file, first * layout_.stride, frames);
  for (std::size_t sample = 0; sample < count; sample++) {
    decode(frames.subspan(sample * frame_bytes, channel_bytes), out + sample * sample_bytes());
  }
}

void FlatSamples::read_channel(const platform::InputFile& file, SampleCache* /*cache*/, std::uint64_t channel,
                               std::uint64_t first, std::uint64_t count, std::byte* out) const {
  const std::size_t size = size_of(layout_.stored);
  const std::uint64_t begin = channel * layout_.stride + first;
  if (is_plain_) return read_stored(file, begin, {out, static_cast<std::size_t>(count) * size});
  const std::uint64_t at_once = std::min<std::uint64_t>(count, block_size / size);
  const auto memory = std::make_unique_for_overwrite<std::byte[]>(static_cast<std::size_t>(at_once) * size);
  for (std::uint64_t done = 0; done < count;) {
    const std::uint64_t some = std::min(count - done, at_once);
    const std::span stored(memory.get(), static_cast<std::size_t>(some) * size);
    read_stored(file, begin + done, stored);
    decode(stored, out + done * size_of(type()));
    done += some;
  }
}

std::shared_ptr<const FlatSamples> open_flat_samples(const std::string& path, const std::string& name,
                                                     std::uint64_t size, const FlatLayout& layout) {
  const platform::InputFile file(path, name);
  const platform::InputFile::State opened = file.state();
  if (opened.size != size) throw FormatError(name, "", "it was changed while it was read");
  const auto bytes = layout.byte_size();
  if (!bytes || layout.offset > size || *bytes > size - layout.offset) {
    throw FormatError(name, "", "it is shorter than its samples");
  }
  return std::make_shared<FlatSamples>(SampleFileId{.path = path, .name = name, .opened = opened}, layout);
}

}  // namespace spikeport
