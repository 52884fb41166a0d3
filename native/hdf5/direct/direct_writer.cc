#include "hdf5/direct/direct_writer.h"

#include <algorithm>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "hdf5/direct/encoded_chunks.h"
#include "hdf5/direct/object_header.h"
#include "hdf5/model/chunk_grid.h"
#include "hdf5/model/object_path.h"
#include "hdf5/model/page_order.h"
#include "kernels/deflate/deflate.h"

namespace spikeport::hdf5::direct {
namespace {

using Obstacle = std::optional<std::string>;

/** The library's own limit. */
constexpr std::size_t most_axes = 32;

/** The length of a text and the number of a heap have four bytes in the file. */
constexpr std::uint64_t most_text_bytes = std::numeric_limits<std::uint32_t>::max();

std::string quoted(const std::string& path) { return "'" + path + "'"; }

/** Names are UTF-8, and end with a NUL character in the file. The library takes "." for the group itself. */
bool is_storable_name(std::string_view name) {
  return !name.empty() && name != "." && name.find('\0') == std::string_view::npos;
}

/** Whether an object's header can have these attributes. */
Obstacle obstacle(std::span<const Message> object, std::span<const Attribute> attributes, const std::string& path) {
  std::vector<std::string_view> names;
  names.reserve(attributes.size());
  for (const Attribute& attribute : attributes) names.emplace_back(attribute.name);
  std::ranges::sort(names);
  if (!std::ranges::all_of(names, is_storable_name)) return "an unusable name of an attribute of " + quoted(path);
  if (std::ranges::adjacent_find(names) != names.end()) return "two attributes of one name of " + quoted(path);
  if (fits_object_header(with_attributes(object, attributes, {}))) return std::nullopt;
  return "too many or too large attributes of " + quoted(path);
}

/** Whether a dataset's chunks, if it has any, have sizes that fit into the file. */
Obstacle chunk_obstacle(const Chunking& chunking, std::span<const std::uint64_t> shape, std::uint64_t element_size,
                        const std::string& path) {
  const auto chunk = chunk_shape(chunking, shape, element_size);
  const auto too_long = [](std::uint64_t length) { return length > most_chunk_bytes; };
  // What no compressor makes shorter, becomes a little longer.
  const bool is_too_large = std::ranges::any_of(chunk, too_long) ||
                            kernels::deflate_stored_size(element_count(chunk) * element_size) > most_chunk_bytes;
  return is_too_large ? "chunks of 4 GiB or more of " + quoted(path) : Obstacle();
}

Obstacle dataset_obstacle(const Datatype& type, std::span<const std::uint64_t> shape,
                          const std::optional<Chunking>& chunking, std::span<const Attribute> attributes,
                          const std::string& path) {
  if (shape.size() > most_axes) return "more than 32 axes of " + quoted(path);
  if (!has_chunks(chunking, shape)) return obstacle(dataset_messages(type, shape, 0), attributes, path);
  if (auto found = chunk_obstacle(*chunking, shape, element_size(type), path)) return found;
  std::vector<std::uint64_t> any_chunk(shape.size());
  return obstacle(chunked_dataset_messages(type, shape, *chunking, std::move(any_chunk), 0), attributes, path);
}

/** The same of a dataset whose elements are made only when they are written: they are never encoded. */
Obstacle plain_dataset_obstacle(const Datatype& type, std::span<const std::uint64_t> shape,
                                const std::optional<Chunking>& chunking, std::span<const Attribute> attributes,
                                const std::string& path) {
  if (has_chunks(chunking, shape) && are_encoded(*chunking, shape, element_size(type), false)) {
    return "chunks of " + quoted(path) + " without whole rows";
  }
  return dataset_obstacle(type, shape, chunking, attributes, path);
}

Obstacle group_obstacle(std::span<const Attribute> attributes, const std::string& path) {
  const Message message = SymbolTableMessage{};
  return obstacle({&message, 1}, attributes, path);
}

struct ObjectObstacle {
  Obstacle operator()(const Dataset& dataset) const {
    return dataset_obstacle(dataset.type(), dataset.shape(), dataset.chunking, dataset.attributes, dataset.path);
  }

  Obstacle operator()(const UnitDatasets& units) const {
    // The chunks of no unit are larger than those of all of them.
    if (!has_chunks(units.chunking, units.source->shape())) return std::nullopt;
    return chunk_obstacle(*units.chunking, units.source->shape(), size_of(units.source->type()), units.path);
  }

  Obstacle operator()(const TextDataset& dataset) const {
    if (dataset.texts.bytes().size() > most_text_bytes) return "4 GiB or more of texts of " + quoted(dataset.path);
    return plain_dataset_obstacle(Text{}, dataset.shape, dataset.chunking, dataset.attributes, dataset.path);
  }

  Obstacle operator()(const ReferenceDataset& dataset) const {
    return plain_dataset_obstacle(ObjectReference{}, dataset.shape, dataset.chunking, dataset.attributes, dataset.path);
  }

  Obstacle operator()(const Group& group) const { return group_obstacle(group.attributes, group.path); }

  Obstacle operator()(const SoftLink& link) const {
    if (link.target.empty()) return "the link " + quoted(link.path) + " to nothing";
    return std::nullopt;
  }
};

struct IsEncoded {
  bool operator()(const Dataset& dataset) const { return has_encoded_chunks(dataset); }
  bool operator()(const UnitDatasets& units) const { return units.chunking.has_value(); }
  bool operator()(const auto& /*written_as_they_are*/) const { return false; }
};

/** Whether its chunks are in the file already: not past the metadata, as in pages. */
bool is_streamed(const Object& object) {
  const auto* dataset = std::get_if<Dataset>(&object);
  return dataset != nullptr && dataset->streamed;
}

/** An object, and the names that lead to it. */
struct Place {
  std::vector<std::string_view> names;
  bool is_group;
};

/** Whether these are different places, and only groups have others inside. */
bool are_apart(std::vector<Place> places) {
  std::ranges::sort(places, {}, &Place::names);
  const auto collide = [](const Place& place, const Place& next) {
    const bool leads_into = std::ranges::mismatch(place.names, next.names).in1 == place.names.end();
    return leads_into && (!place.is_group || place.names.size() == next.names.size());
  };
  return std::ranges::adjacent_find(places, collide) == places.end();
}

}  // namespace

std::optional<std::string> obstacle(const Plan& plan) {
  std::vector<Place> places;
  places.reserve(plan.objects.size());
  for (const Object& object : plan.objects) {
    if (auto found = std::visit(ObjectObstacle(), object)) return found;
    // Their sizes, and so the pages that they are in, are known too late.
    if (plan.page_bytes && (std::visit(IsEncoded(), object) || is_streamed(object)))
      return "chunks to encode in pages: " + quoted(path_of(object));
    places.push_back({names_in(path_of(object)), std::holds_alternative<Group>(object)});
    if (!std::ranges::all_of(places.back().names, is_storable_name)) {
      return "an unusable name in the path " + quoted(path_of(object));
    }
  }
  if (auto found = group_obstacle(plan.attributes, "/")) return found;
  if (!are_apart(std::move(places))) return "two objects at one path, or one inside another that is no group";
  return std::nullopt;
}

/** All that there can be much of. */
Workload DirectWriter::workload() const {
  constexpr std::uint64_t around_unit = 200;
  constexpr std::uint64_t around_chunked_unit = 2400;
  constexpr std::uint64_t around_text = 32;
  Workload workload{};
  for (const Object& object : plan().objects) {
    if (const auto* dataset = std::get_if<Dataset>(&object); dataset != nullptr && !dataset->streamed) {
      (has_encoded_chunks(*dataset) ? workload.chunks : workload.extents) += dataset->source->byte_size();
    }
    if (const auto* units = std::get_if<UnitDatasets>(&object)) {
      const std::uint64_t around = units->chunking ? around_chunked_unit : around_unit;
      (units->chunking ? workload.chunks : workload.extents) += units->source->byte_size();
      workload.extents += around * units->source->trains().unit_count();
    }
    if (const auto* texts = std::get_if<TextDataset>(&object)) {
      workload.extents += texts->texts.bytes().size() + around_text * texts->texts.size();
    }
    if (const auto* references = std::get_if<ReferenceDataset>(&object)) {
      workload.extents += ObjectReference::stored_size * references->choices.size();
    }
  }
  return workload;
}

std::uint64_t DirectWriter::prepare(unsigned encoders) {
  image_.emplace(plan());
  first_chunk_ = image_->size();
  if (!image_->chunks().empty()) batches_.emplace(plan().objects, encoders, has_encoded_chunks);
  return image_->bytes_to_write() + image_->most_tree_bytes() + workload().chunks;
}

bool DirectWriter::lay_out(const PartialFile& file, Job& /*job*/) {
  file_ = &file.file();
  return false;
}

bool DirectWriter::encode_chunks(Job& job, unsigned participant) {
  return batches_ && batches_->encode(job, participant);
}

bool DirectWriter::write_chunks(unsigned participant) {
  return batches_->hand_over(participant, [this](const ChunkBatch& batch) { write(batch); });
}

void DirectWriter::write(const ChunkBatch& batch) {
  for (const ChunkItem& item : batch.items) image_->chunks().set_size(item.number, item.size());
  if (batch.streams.size() > 0) file_->write(batch.streams.bytes(), first_chunk_ + batch.offset);
}

std::vector<Extent> DirectWriter::take_extents(Job& job) {
  // Of a sparse source, few chunks are stored.
  const std::uint64_t tree_bytes = image_->complete();
  if (tree_bytes < image_->most_tree_bytes()) job.advance(image_->most_tree_bytes() - tree_bytes);
  return image_->extents();
}

}  // namespace spikeport::hdf5::direct
