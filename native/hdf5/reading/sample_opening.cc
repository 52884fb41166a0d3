#include "hdf5/reading/sample_opening.h"

#include <algorithm>

#include "kernels/decode.h"
#include "reading/flat_samples.h"

namespace spikeport::hdf5 {

bool SampleOpening::open_some(const OpenFile& file) {
  if (!has_begun_) {
    if (file.prepare(path_)) return true;
    has_begun_ = true;
    begin(file);
  } else if (places_) {
    const auto read_some = [this](structure::Objects& /*objects*/) { return places_->read_some(); };
    if (file.look(path_, read_some)) return true;
    open_chunks(file);
  }
  if (!samples_) return true;
  file.require_unchanged();
  return false;
}

void SampleOpening::close() {
  dataset_.handle = {};
  places_.reset();
}

std::uint64_t SampleOpening::axis(std::size_t axis, std::uint64_t missing) const {
  return axis < dataset_.shape.size() ? dataset_.shape[axis] : missing;
}

SampleFileId SampleOpening::id_of(const OpenFile& file) {
  return {.path = file.path(), .name = file.bytes().name(), .opened = file.opened()};
}

void SampleOpening::begin(const OpenFile& file) {
  CheckedDataset checked = file.check_dataset(path_);
  dataset_ = describe_dataset(file, path_, file.open(checked.address, path_), checked.checked);
  require_readable(file, dataset_);
  if (!dataset_.type.is_numeric()) file.refuse(path_, "its elements are no numbers");
  const std::size_t rank = dataset_.shape.size();
  if (rank != 1 && rank != 2) {
    file.refuse(path_, "it has " + std::to_string(rank) + " axes, not samples and channels");
  }
  // A single axis is the samples of one channel.
  by_channel_ = by_channel_ && rank == 2;
  const std::uint64_t channels = by_channel_ ? dataset_.shape[0] : axis(1, 1);
  if (channels == 0 || channels > most_channels) {
    file.refuse(path_, "it has " + std::to_string(channels) + " channels, not 1 to " + std::to_string(most_channels));
  }
  if (dataset_.has_szip()) {
    file.refuse(path_,
                "it is compressed with szip, which raw samples that stay in their file cannot be: h5repack can write "
                "it with gzip");
  }
  if (dataset_.layout == StoredDataset::Layout::compact) {
    file.refuse(path_, "its elements are in its header (compact): h5repack can write them apart from it");
  }
  if (dataset_.offset) return open_flat(file, *dataset_.offset);
  fill_.resize(size_of(dataset_.type.elements.type));
  static_cast<void>(kernels::decode(fill_value(file, dataset_), dataset_.type.elements, {}, dataset_.type.elements.type,
                                    fill_.data()));
  // Nothing was ever written of a contiguous one.
  if (dataset_.layout != StoredDataset::Layout::chunked) return open_chunks(file);
  places_ = file.look(path_, [&checked](structure::Objects& objects) { return objects.chunk_places(checked.checked); });
}

void SampleOpening::open_flat(const OpenFile& file, std::uint64_t offset) {
  FlatLayout layout{.offset = offset,
                    .stored = dataset_.type.elements,
                    .channels = by_channel_ ? dataset_.shape[0] : axis(1, 1),
                    .samples = by_channel_ ? dataset_.shape[1] : dataset_.shape[0],
                    .by_channel = by_channel_};
  layout.stride = by_channel_ ? layout.samples : layout.channels;
  samples_ = std::make_shared<FlatSamples>(id_of(file), layout);
}

void SampleOpening::open_chunks(const OpenFile& file) {
  ChunkedLayout layout{.object = path_,
                       .stored = dataset_.type.elements,
                       .shape = {axis(0, 1), axis(1, 1)},
                       .by_channel = by_channel_,
                       .filters = dataset_.filters,
                       .begin = file.begin(),
                       .places = places_ ? places_->take() : std::vector<structure::ChunkPlace>(),
                       .fill = std::move(fill_)};
  for (std::size_t i = 0; i < layout.chunk.size(); i++) {
    layout.chunk[i] = i < dataset_.chunk.size() ? dataset_.chunk[i] : std::max<std::uint64_t>(axis(i, 1), 1);
  }
  samples_ = std::make_shared<ChunkedSamples>(id_of(file), std::move(layout));
}

}  // namespace spikeport::hdf5
