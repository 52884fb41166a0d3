#include "hdf5/direct/direct_export.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/export_job.h"
#include "hdf5/direct/datatype.h"
#include "hdf5/direct/file_image.h"
#include "hdf5/direct/object_header.h"
#include "hdf5/extents.h"
#include "hdf5/model/chunk_grid.h"
#include "hdf5/model/object_path.h"
#include "hdf5/model/plan_check.h"
#include "storage/partial_file.h"

namespace spikeport::hdf5 {
namespace {

/** The library's own limit. */
constexpr std::size_t most_axes = 32;

/** What an element's length and address have to say of it. */
constexpr std::uint64_t most_text_bytes = std::numeric_limits<std::uint32_t>::max();

/** What a chunk's key in its B-tree has to say of its size. */
constexpr std::uint64_t most_chunk_bytes = std::numeric_limits<std::uint32_t>::max();

/** Whether an object's header can have these attributes. */
bool holds(std::span<const direct::Message> object, std::span<const Attribute> attributes) {
  std::vector<std::string_view> names;
  names.reserve(attributes.size());
  for (const Attribute& attribute : attributes) names.emplace_back(attribute.name);
  std::ranges::sort(names);
  return std::ranges::all_of(names, direct::is_plain_name) && std::ranges::adjacent_find(names) == names.end() &&
         direct::fits_object_header(direct::with_attributes(object, attributes, {}));
}

/** Whether a dataset's chunks, if it has any, lie one after the other as its elements do. */
bool holds_chunks(const std::optional<Chunking>& chunking, std::span<const std::uint64_t> shape,
                  std::uint64_t element_size) {
  if (!has_chunks(chunking, shape)) return true;
  if (!chunking->is_extendable || chunking->deflate_level || chunking->shuffle) return false;
  const auto chunk = chunk_shape(*chunking, shape, element_size);
  return has_whole_rows(chunk, shape) && element_count(chunk) * element_size <= most_chunk_bytes;
}

bool holds_dataset(const Datatype& type, std::span<const std::uint64_t> shape, const std::optional<Chunking>& chunking,
                   std::span<const Attribute> attributes) {
  if (shape.size() > most_axes || !holds_chunks(chunking, shape, direct::element_size(type))) return false;
  if (!has_chunks(chunking, shape)) return holds(direct::dataset_messages(type, shape, 0), attributes);
  std::vector<std::uint64_t> any_chunk(shape.size());
  return holds(direct::extendable_dataset_messages(type, shape, std::move(any_chunk), 0), attributes);
}

bool holds_group(std::span<const Attribute> attributes) {
  const direct::Message message = direct::SymbolTable{};
  return holds({&message, 1}, attributes);
}

bool holds(const Dataset& dataset) {
  return holds_dataset(dataset.type(), dataset.source->shape(), dataset.chunking, dataset.attributes);
}

bool holds(const UnitDatasets& units) { return !has_chunks(units.chunking, units.source->shape()); }

bool holds(const TextDataset& dataset) {
  return dataset.texts.bytes().size() <= most_text_bytes &&
         holds_dataset(Text{}, dataset.shape, dataset.chunking, dataset.attributes);
}

bool holds(const ReferenceDataset& dataset) {
  return holds_dataset(ObjectReference{}, {&dataset.count, 1}, dataset.chunking, dataset.attributes);
}

bool holds(const Group& group) { return holds_group(group.attributes); }

bool holds(const SoftLink& link) { return !link.target.empty(); }

/** An object, and the names that lead to it. */
struct Place {
  std::vector<std::string_view> names;
  bool is_group;
};

/** Whether these lead to as many places, and none of them but groups has others inside. */
bool are_apart(std::vector<Place> places) {
  std::ranges::sort(places, {}, &Place::names);
  const auto collide = [](const Place& place, const Place& next) {
    const bool leads_into = std::ranges::mismatch(place.names, next.names).in1 == place.names.end();
    return leads_into && (!place.is_group || place.names.size() == next.names.size());
  };
  return std::ranges::adjacent_find(places, collide) == places.end();
}

/** Roughly what a file takes: all that there can be much of. */
std::uint64_t bytes_of(const Plan& plan) {
  constexpr std::uint64_t around_unit = 200;
  constexpr std::uint64_t around_text = 32;
  std::uint64_t bytes = 0;
  for (const Object& object : plan.objects) {
    if (const auto* dataset = std::get_if<Dataset>(&object)) bytes += dataset->source->byte_size();
    if (const auto* units = std::get_if<UnitDatasets>(&object)) {
      bytes += units->source->byte_size() + around_unit * units->source->trains().unit_count();
    }
    if (const auto* texts = std::get_if<TextDataset>(&object))
      bytes += texts->texts.bytes().size() + around_text * texts->texts.size();
    if (const auto* references = std::get_if<ReferenceDataset>(&object))
      bytes += sizeof(std::uint64_t) * references->count;
  }
  return bytes;
}

/** The state of one export, and its stages in the order they run. */
struct DirectExport {
  Plan plan;
  ExportSettings settings;
  ExportResult result;
  std::optional<direct::FileImage> image;
  std::optional<PartialFile> partial;
  std::optional<ExtentWriter> writer;

  DirectExport(Plan given, const ExportSettings& how) : plan(std::move(given)), settings(how) {}

  bool open(Job& job) {
    check(plan);
    image.emplace(plan);
    job.expect_bytes(image->size());
    partial.emplace(file_target(plan.target));
    writer.emplace(partial->file(), image->extents());
    return false;
  }

  bool write(Job& job, unsigned /*participant*/) { return writer->write_some(job); }

  bool publish(Job& job) {
    if (settings.durable) partial->make_durable();
    job.throw_if_cancelled();
    result.bytes_written = partial->publish();
    return false;
  }

  bool clean_up(Job& /*job*/) {
    writer.reset();
    partial.reset();
    return false;
  }
};

}  // namespace

bool holds_directly(const Plan& plan) {
  std::vector<Place> places;
  places.reserve(plan.objects.size());
  for (const Object& object : plan.objects) {
    if (!std::visit([](const auto& of) { return holds(of); }, object)) return false;
    places.push_back({direct::names_in(path_of(object)), std::holds_alternative<Group>(object)});
    if (!std::ranges::all_of(places.back().names, direct::is_plain_name)) return false;
  }
  return holds_group(plan.attributes) && are_apart(std::move(places));
}

ExportJob direct_export_job(Plan plan, const ExportSettings& settings) {
  const unsigned writers = useful_threads(bytes_of(plan), settings);
  return staged(std::make_shared<DirectExport>(std::move(plan), settings), writers, 0);
}

}  // namespace spikeport::hdf5
