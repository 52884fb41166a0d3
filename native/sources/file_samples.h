#pragma once

// Sources of raw samples that stay in a file.

#include <memory>
#include <optional>

#include "reading/sample_file.h"
#include "sources/source.h"

namespace spikeport {

/** Samples × channels; or channels × samples of a file in which they lie like that. */
class FileSamples : public Source {
 public:
  /** @param by_channel whether it is channels × samples */
  FileSamples(std::shared_ptr<const SampleFile> file, bool by_channel);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  SampleReader reader_;
  bool by_channel_;
};

/** The same as int16, samples × channels, without some at the beginning: see TimeMajorInt16. */
class FileInt16 : public Source {
 public:
  FileInt16(std::shared_ptr<const SampleFile> file, std::uint64_t skipped, std::optional<double> scale);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  SampleReader reader_;
  std::uint64_t skipped_;
  std::optional<double> scale_;
};

}  // namespace spikeport
