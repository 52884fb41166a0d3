#pragma once

// Plans of plain files: byte segments, one after the other.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "kernels/transcode.h"
#include "sources/joined_arrays.h"
#include "sources/source.h"
#include "sources/spike_sources.h"

namespace spikeport::plain_files {

using kernels::Transcoding;

/** A little-endian number of this many bytes. */
enum class NumberEncoding : std::uint8_t { u32 = 4, u64 = 8 };

/** Bytes as they are. The caller keeps them alive. */
struct Bytes {
  std::span<const std::byte> bytes;
};

/** The elements of a source; with a transcoding, their bytes as text. */
struct SourceData {
  std::shared_ptr<const Source> source;
  std::optional<Transcoding> transcoding;
};

/** The size in bytes, after transcoding, of the source that follows. */
struct SourceByteLength {
  std::shared_ptr<const Source> source;
  std::optional<Transcoding> transcoding;
  NumberEncoding encoding;
};

// The parts of a repeat.

/** The number of the unit's spikes; without an encoding, in decimal digits. */
struct UnitSpikeCount {
  std::optional<NumberEncoding> encoding;
};
/** The size in bytes of the unit's data, after transcoding. */
struct UnitByteLength {
  NumberEncoding encoding;
};
/** The unit's spike times. */
struct UnitData {};
using UnitPart = std::variant<Bytes, UnitSpikeCount, UnitByteLength, UnitData>;

/** The same parts for each unit. */
struct Repeat {
  std::shared_ptr<const SpikeTimes> source;
  std::optional<Transcoding> transcoding;
  std::vector<UnitPart> parts;
};

using Segment = std::variant<Bytes, SourceData, SourceByteLength, Repeat>;

/** What is written of all spikes in order of time: the sample of each as int64, or its unit as int32. */
enum class OrderedPart : std::uint8_t { samples, units };

/** Values of all spikes in order of time. */
struct OrderedValues {
  /** One for each unit: `width` values for each of its spikes, or `width` values that all of them have. */
  std::shared_ptr<const ArrayList> arrays;
  std::uint64_t width;

  /** The bytes of one spike's values. */
  [[nodiscard]] std::size_t byte_width() const {
    return arrays->type() ? static_cast<std::size_t>(width) * size_of(*arrays->type()) : 0;
  }
};

/** A column of the values that the spikes' trains have, in order of time. */
struct OrderedColumn {
  std::size_t column;
  /** What they become: their own type, or float64. */
  ElementType type;
};

struct PlainFile {
  std::string name;
  std::vector<Segment> segments;
  /** The part of the folder's spikes that follows the segments. */
  std::optional<OrderedPart> ordered = std::nullopt;
  /** The values that follow. */
  std::optional<OrderedValues> ordered_values = std::nullopt;
  /** The same from a column. */
  std::optional<OrderedColumn> ordered_column = std::nullopt;
};

/** Spikes that are put in order of time once, for all files of a folder. */
struct OrderedSpikes {
  std::shared_ptr<const SpikeTrains> trains;
  double fs_hz;
  /** The time of sample 0 in ms. */
  double start_ms;
};

/** One file. Missing parent folders are created. */
struct FilePlan {
  std::string target;
  std::vector<Segment> segments;
};

/** A folder of files, replaced together as far as the file system allows. */
struct FolderPlan {
  std::string target;
  std::vector<PlainFile> files;
  /** Given if a file has a part of them. */
  std::optional<OrderedSpikes> spikes;
  /** The names of files to be removed, if they exist. */
  std::vector<std::string> remove;
  /** The entries of the folder when the plan was made, as text, if they must not have changed since. */
  std::optional<std::string> expected;
};

}  // namespace spikeport::plain_files
