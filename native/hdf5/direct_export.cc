#include "hdf5/direct_export.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "hdf5/format/file_image.h"
#include "hdf5/format/messages.h"
#include "hdf5/format/object_header.h"
#include "hdf5/format/object_path.h"
#include "sinks/extents.h"
#include "staged_export.h"
#include "storage/partial_file.h"

namespace spikeport::hdf5 {
namespace {

/** The library's own limit. */
constexpr std::size_t most_axes = 32;

/** Whether an object's header can have these attributes. */
bool holds(std::span<const format::Message> object, std::span<const Attribute> attributes) {
  std::vector<std::string_view> names;
  for (const Attribute& attribute : attributes) names.emplace_back(attribute.name);
  std::ranges::sort(names);
  const auto is_number = [](const Attribute& attribute) { return std::holds_alternative<double>(attribute.value); };
  return std::ranges::all_of(attributes, is_number) && std::ranges::all_of(names, format::is_plain_name) &&
         std::ranges::adjacent_find(names) == names.end() &&
         format::fits_object_header(format::with_attributes(object, attributes));
}

bool holds(const Dataset& dataset) {
  const Column& column = *dataset.column;
  return !dataset.is_boolean && !has_chunks(dataset.chunking, column.shape()) && column.shape().size() <= most_axes &&
         holds(format::dataset_messages(column.type(), column.shape(), 0), dataset.attributes);
}

bool holds(const auto& /*others*/) { return false; }

bool holds(const UnitDatasets& units) { return !has_chunks(units.chunking, units.column->shape()); }

/** Whether these lead to as many places, none of them inside another. */
bool are_apart(std::vector<std::vector<std::string_view>> paths) {
  std::ranges::sort(paths);
  const auto leads_into = [](const auto& outer, const auto& inner) {
    return std::ranges::mismatch(outer, inner).in1 == outer.end();
  };
  return std::ranges::adjacent_find(paths, leads_into) == paths.end();
}

/** The state of one export, and its stages in the order they run. */
struct DirectExport {
  Plan plan;
  ExportSettings settings;
  format::FileImage image;
  ExportResult result;
  std::optional<PartialFile> partial;
  std::optional<ExtentWriter> writer;

  DirectExport(Plan given, const ExportSettings& how) : plan(std::move(given)), settings(how), image(plan) {}

  bool open(Job& /*job*/) {
    partial.emplace(file_target(plan.target));
    writer.emplace(partial->fd(), partial->target(), image.extents());
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
  std::vector<std::vector<std::string_view>> paths;
  for (const Object& object : plan.objects) {
    if (!std::visit([](const auto& of) { return holds(of); }, object)) return false;
    paths.push_back(std::visit([](const auto& of) { return format::names_in(of.path); }, object));
    if (!std::ranges::all_of(paths.back(), format::is_plain_name)) return false;
  }
  const format::Message root = format::SymbolTable{};
  return holds({&root, 1}, plan.attributes) && are_apart(std::move(paths));
}

ExportJob direct_export_job(Plan plan, const ExportSettings& settings) {
  const auto state = std::make_shared<DirectExport>(std::move(plan), settings);
  return staged(state, useful_threads(state->image.size(), settings), state->image.size());
}

}  // namespace spikeport::hdf5
