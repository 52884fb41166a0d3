#pragma once

// Raw samples that stay in a file: what the forms of such files have in common, and reading from them.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/block.h"
#include "kernels/element_type.h"
#include "platform/input_file.h"

namespace spikeport {

/** What a file of samples is called, and what it was like when it was described. */
struct SampleFileId {
  std::string path;
  /** What errors call it. */
  std::string name;
  platform::InputFile::State opened;
};

/** What a reader of a file keeps between reads. Its threads share it. */
class SampleCache {
 public:
  SampleCache() = default;
  SampleCache(const SampleCache&) = delete;
  SampleCache& operator=(const SampleCache&) = delete;
  virtual ~SampleCache() = default;
};

/** Samples of some channels in a file. It does not change, and its functions may be called from several threads. */
class SampleFile {
 public:
  SampleFile(SampleFileId id, ElementType type, std::uint64_t channels, std::uint64_t samples)
      : id_(std::move(id)), type_(type), channels_(channels), samples_(samples) {}
  SampleFile(const SampleFile&) = delete;
  SampleFile& operator=(const SampleFile&) = delete;
  virtual ~SampleFile() = default;

  [[nodiscard]] const SampleFileId& id() const { return id_; }
  /** What samples are in memory. */
  [[nodiscard]] ElementType type() const { return type_; }
  [[nodiscard]] std::uint64_t channels() const { return channels_; }
  [[nodiscard]] std::uint64_t samples() const { return samples_; }
  [[nodiscard]] std::size_t sample_bytes() const { return static_cast<std::size_t>(channels_) * size_of(type_); }

  /** What a reader has to keep; null where that is nothing. */
  [[nodiscard]] virtual std::unique_ptr<SampleCache> make_cache() const { return nullptr; }
  /** Reads samples, one of all channels after the other.
   * @param cache what `make_cache` has returned for this reader */
  virtual void read(const platform::InputFile& file, SampleCache* cache, std::uint64_t first, std::uint64_t count,
                    std::byte* out) const = 0;

  /** Whether the samples of one channel lie together, so that they can be read without those of the others. */
  [[nodiscard]] virtual bool lies_by_channel() const { return false; }
  /** Reads samples of one channel. Only where they lie together. */
  virtual void read_channel(const platform::InputFile& file, SampleCache* cache, std::uint64_t channel,
                            std::uint64_t first, std::uint64_t count, std::byte* out) const;

 protected:
  /** What is read before it is put in order: enough that a read of one channel is worth its call. */
  static constexpr std::uint64_t most_unordered = 4 * block_size;

  /** Reads samples that lie channel by channel, and puts them in order.
   * @param read_some given the first of some samples, their count, and where they go, channel by channel */
  void read_in_order(std::uint64_t first, std::uint64_t count, std::byte* out,
                     const std::function<void(std::uint64_t, std::uint64_t, std::byte*)>& read_some) const;

 private:
  SampleFileId id_;
  ElementType type_;
  std::uint64_t channels_;
  std::uint64_t samples_;
};

/**
 * Reads samples of a file for one export: opens it when the first ones are needed, and closes it with its owner. A file
 * that is not as it was described is a FormatError. Functions may be called from several threads.
 */
class SampleReader {
 public:
  explicit SampleReader(std::shared_ptr<const SampleFile> file) : samples_(std::move(file)) {}

  [[nodiscard]] const SampleFile& file() const { return *samples_; }

  /** See SampleFile. */
  void read(std::uint64_t first, std::uint64_t count, std::byte* out) const;
  void read_channel(std::uint64_t channel, std::uint64_t first, std::uint64_t count, std::byte* out) const;

 private:
  const platform::InputFile& open() const;

  std::shared_ptr<const SampleFile> samples_;
  mutable std::once_flag opening_;
  mutable std::optional<platform::InputFile> file_;
  mutable std::unique_ptr<SampleCache> cache_;
};

}  // namespace spikeport
