#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "columns/column.h"
#include "columns/spike_columns.h"
#include "kernels/transcode.h"

namespace spikeport::bytes {

using kernels::Transcoding;

/** How a count is written. The binary ones are little-endian. */
enum class LengthEncoding : std::uint8_t { u32, u64, decimal };

/** Bytes as they are. Their owner keeps them alive. */
struct Literal {
  std::span<const std::byte> bytes;
};

/** A column's elements. */
struct ColumnData {
  std::shared_ptr<const Column> column;
  Transcoding transcoding;
};

/** The size in bytes, after transcoding, of a column. */
struct ColumnLength {
  std::shared_ptr<const Column> column;
  Transcoding transcoding;
  LengthEncoding encoding;
};

/** Parts of a repeat. */
struct UnitSpikeCount {
  LengthEncoding encoding;
};
struct UnitByteLength {
  LengthEncoding encoding;
};
struct UnitData {};
using UnitPart = std::variant<Literal, UnitSpikeCount, UnitByteLength, UnitData>;

/** The same parts once a unit. */
struct Repeat {
  std::shared_ptr<const SpikeTimes> column;
  Transcoding transcoding;
  std::vector<UnitPart> parts;
};

using Segment = std::variant<Literal, ColumnData, ColumnLength, Repeat>;

struct PlainFile {
  std::string name;
  std::vector<Segment> segments;
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
  /** Names that go if they are there. */
  std::vector<std::string> remove;
};

}  // namespace spikeport::bytes
