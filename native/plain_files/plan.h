#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "kernels/transcode.h"
#include "sources/source.h"
#include "sources/spike_sources.h"

namespace spikeport::plain_files {

using kernels::Transcoding;

/** A little-endian number of this many bytes. */
enum class NumberWidth : std::uint8_t { u32 = 4, u64 = 8 };

/** Bytes as they are. Their owner keeps them alive. */
struct Literal {
  std::span<const std::byte> bytes;
};

/** A source's elements, perhaps as text. */
struct SourceData {
  std::shared_ptr<const Source> source;
  std::optional<Transcoding> transcoding;
};

/** The size in bytes, after transcoding, of the source that follows. */
struct SourceLength {
  std::shared_ptr<const Source> source;
  std::optional<Transcoding> transcoding;
  NumberWidth width;
};

/** Parts of a repeat. A count without a width is written in decimal digits. */
struct UnitSpikeCount {
  std::optional<NumberWidth> width;
};
struct UnitByteLength {
  NumberWidth width;
};
struct UnitData {};
using UnitPart = std::variant<Literal, UnitSpikeCount, UnitByteLength, UnitData>;

/** The same parts once a unit. */
struct Repeat {
  std::shared_ptr<const SpikeTimes> source;
  std::optional<Transcoding> transcoding;
  std::vector<UnitPart> parts;
};

using Segment = std::variant<Literal, SourceData, SourceLength, Repeat>;

/** Of all spikes in the order of time: the sample of each as int64, or its unit as int32. */
enum class OrderedPart : std::uint8_t { samples, units };

struct PlainFile {
  std::string name;
  std::vector<Segment> segments;
  /** What follows the segments, of the folder's spikes. */
  std::optional<OrderedPart> ordered;
};

/** Spikes whose order in time is found once, for all files of a folder. */
struct OrderedSpikes {
  std::shared_ptr<const Trains> trains;
  double fs_hz;
};

/** One file; folders above it are made. */
struct FilePlan {
  std::string target;
  std::vector<Segment> segments;
};

/** A folder of files, replaced together as far as the file system allows. */
struct FolderPlan {
  std::string target;
  std::vector<PlainFile> files;
  /** There when a file has a part of them. */
  std::optional<OrderedSpikes> spikes;
  /** Names that go if they are there. */
  std::vector<std::string> remove;
  /** What was in the folder when that was decided, if it matters: the text of its entries. */
  std::optional<std::string> expected;
};

}  // namespace spikeport::plain_files
