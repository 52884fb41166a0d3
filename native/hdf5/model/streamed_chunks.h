// The chunks of a dataset whose elements came as a stream.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "hdf5/model/begun_file.h"
#include "sources/source.h"

namespace spikeport::hdf5 {

/** Where an encoded chunk is in the file, and its bytes. */
struct ChunkPlace {
  std::uint64_t address;
  std::uint32_t size;
};

/** The encoded chunks of a stretch of time after those of another: for each, one a group of channels. */
using ChunkPlaces = std::deque<ChunkPlace>;

/**
 * Elements that are in the file already, as encoded chunks. They are never filled.
 */
class StreamedChunks : public Source {
 public:
  /**
   * @param shape what has come: samples × channels, or channels × samples
   * @param chunk the shape of each chunk
   * @param time_axis 0 or 1
   */
  StreamedChunks(ElementType type, std::vector<std::uint64_t> shape, std::vector<std::uint64_t> chunk,
                 std::size_t time_axis, std::shared_ptr<const ChunkPlaces> places, std::shared_ptr<BegunFile> file)
      : Source(type, std::move(shape)),
        chunk_(std::move(chunk)),
        time_axis_(time_axis),
        places_(std::move(places)),
        file_(std::move(file)) {}

  void fill(std::uint64_t first, std::span<std::byte> block) const override;

  [[nodiscard]] std::span<const std::uint64_t> chunk() const { return chunk_; }
  /** Which axis grows: 0 or 1. */
  [[nodiscard]] std::size_t time_axis() const { return time_axis_; }
  /** The chunk with this corner. */
  [[nodiscard]] const ChunkPlace& at(std::span<const std::uint64_t> corner) const;
  /** The file that has them; null without chunks. */
  [[nodiscard]] const std::shared_ptr<BegunFile>& file() const { return file_; }

 private:
  std::vector<std::uint64_t> chunk_;
  std::size_t time_axis_;
  std::shared_ptr<const ChunkPlaces> places_;
  std::shared_ptr<BegunFile> file_;
};

}  // namespace spikeport::hdf5
