#pragma once

// Samples that lie in a file one after the other, at regular distances.

#include <memory>
#include <span>

#include "kernels/decode.h"
#include "reading/sample_file.h"

namespace spikeport {

/** Where samples lie. */
struct FlatLayout {
  /** The byte of the first sample of the first channel. */
  std::uint64_t offset = 0;
  kernels::StoredElements stored;
  std::uint64_t channels = 0;
  std::uint64_t samples = 0;
  /** Whether all samples of a channel lie together, and not those of all channels at one time. */
  bool by_channel = false;
  /** The elements from one sample to the next, or by channel from one channel to the next: at least those between. */
  std::uint64_t stride = 0;

  /** The bytes from the first sample to the end of the last; none where that is more than 2^63. */
  [[nodiscard]] std::optional<std::uint64_t> byte_size() const;
};

class FlatSamples : public SampleFile {
 public:
  /** @param layout all of which is in the file */
  FlatSamples(SampleFileId id, const FlatLayout& layout);

  void read(const platform::InputFile& file, SampleCache* cache, std::uint64_t first, std::uint64_t count,
            std::byte* out) const override;
  [[nodiscard]] bool lies_by_channel() const override { return layout_.by_channel; }
  void read_channel(const platform::InputFile& file, SampleCache* cache, std::uint64_t channel, std::uint64_t first,
                    std::uint64_t count, std::byte* out) const override;

 private:
  /** Reads elements that lie together, number `first` of the file's and those after it, as they are in the file. */
  void read_stored(const platform::InputFile& file, std::uint64_t first, std::span<std::byte> out) const;
  void decode(std::span<const std::byte> stored, std::byte* out) const;
  void read_by_sample(const platform::InputFile& file, std::uint64_t first, std::uint64_t count, std::byte* out) const;

  FlatLayout layout_;
  /** Whether elements are in the file as they are in memory. */
  bool is_plain_;
};

/**
 * Opens a file of samples.
 *
 * @param size the bytes that it must have
 * Throws a FormatError where it has others, or does not hold all of the layout.
 */
std::shared_ptr<const FlatSamples> open_flat_samples(const std::string& path, const std::string& name,
                                                     std::uint64_t size, const FlatLayout& layout);

}  // namespace spikeport
