#include "hdf5/reading/stored_units.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "platform/memory.h"

namespace spikeport::hdf5 {
namespace {

/** How often names are moved in sorting between two chances to stop: to compare them takes some 100 ns. */
constexpr std::size_t name_moves_a_step = 4096;

/** How many datasets are looked at between two chances to stop. */
constexpr std::size_t datasets_a_step = 64;

/** The first of the places, which ascend, whose elements are not all before a number. */
std::size_t first_with(const std::vector<std::uint64_t>& starts, std::uint64_t number) {
  const auto after = static_cast<std::size_t>(std::ranges::upper_bound(starts, number) - starts.begin());
  return after == 0 ? 0 : after - 1;
}

/** Elements of a dataset, by their numbers in it, and where in an array the first one goes. */
struct Stretch {
  std::uint64_t from;
  std::uint64_t count;
  std::uint64_t at;
};

/** What elements `first` to `first + count - 1` of all are of a dataset that begins at one. */
Stretch stretch_of(std::uint64_t start, std::uint64_t length, std::uint64_t first, std::uint64_t count) {
  const std::uint64_t from = std::max(start, first);
  const std::uint64_t to = std::min(start + length, first + count);
  return {.from = from - start, .count = to > from ? to - from : 0, .at = from - first};
}

/** A destination that begins later in its array, of float64. */
Destination later(const Destination& to, std::uint64_t elements) {
  Destination moved = to;
  moved.out += elements * sizeof(double);
  return moved;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/** Takes the run of digits, or of anything else, at the start of a text. */
std::string_view take_run(std::string_view& text, bool of_digits) {
  const auto* end = std::ranges::find_if(text, [of_digits](char c) { return is_digit(c) != of_digits; });
  const std::string_view run = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(run.size());
  return run;
}

/** Compares runs of digits by their number. */
int compare_numbers(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

/** Whether a dataset has one axis, or several of which only one is longer than 1, as MATLAB writes vectors. */
bool is_list(const StoredDataset& dataset) {
  if (dataset.is_null || dataset.shape.empty()) return false;
  return dataset.count() == 0 ||
         std::ranges::count_if(dataset.shape, [](std::uint64_t axis) { return axis != 1; }) <= 1;
}

/** Of an empty array of MATLAB, whose elements are its axes. */
constexpr const char* matlab_empty = "MATLAB_empty";

bool has_matlab_empty(const structure::CheckedObject& object) {
  return std::ranges::find(object.attributes, matlab_empty, &structure::StoredAttribute::name) !=
         object.attributes.end();
}

/** Whether the attribute says that the array is empty. */
bool is_empty_in_matlab(const OpenFile& file, const Handle& dataset, const std::string& path) {
  constexpr const char* doing = "read an attribute of it";
  const Handle attribute = file.check(H5Aopen(dataset.get(), matlab_empty, H5P_DEFAULT), H5Aclose, path, doing);
  const Handle type = file.check(H5Aget_type(attribute.get()), H5Tclose, path, doing);
  const Handle space = file.check(H5Aget_space(attribute.get()), H5Sclose, path, doing);
  const H5T_class_t kind = H5Tget_class(type.get());
  const bool is_number = kind == H5T_INTEGER || kind == H5T_FLOAT;
  if (!is_number || H5Sget_simple_extent_npoints(space.get()) != 1) return false;
  double value = 0;
  file.check(H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, &value), path, doing);
  return value != 0 && !std::isnan(value);
}

}  // namespace

bool is_naturally_before(const std::string& a, const std::string& b) {
  std::string_view rest_a = a;
  std::string_view rest_b = b;
  for (bool of_digits = false; !rest_a.empty() || !rest_b.empty(); of_digits = !of_digits) {
    const std::string_view run_a = take_run(rest_a, of_digits);
    const std::string_view run_b = take_run(rest_b, of_digits);
    // Without digits where the other has some, a name is at its end.
    if (of_digits && run_a.empty() != run_b.empty()) return run_a.empty();
    const int order = of_digits ? compare_numbers(run_a, run_b) : run_a.compare(run_b);
    if (order != 0) return order < 0;
  }
  return a < b;
}

bool StoredUnits::look_at_some(const OpenFile& file) {
  if (!units_) return list_some(file);
  const std::size_t end = std::min(next_ + datasets_a_step, units_->size());
  for (; next_ < end; next_++) {
    std::string& name = (*units_)[next_].name;
    const std::string path = path_ + "/" + name;
    if (file.prepare(path)) return true;
    look_at(file, path);
    // Millions would take long to be freed at once.
    std::string().swap(name);
  }
  return next_ < units_->size();
}

bool StoredUnits::list_some(const OpenFile& file) {
  if (!sorting_) {
    if (!links_.read_some(file)) sorting_.emplace(links_.take(), ByNumber());
    return true;
  }
  if (sorting_->sort_some(name_moves_a_step)) return true;
  units_ = sorting_->take();
  ends_.reserve(units_->size());
  return true;
}

StoredUnits::Unit StoredUnits::unit_at(const OpenFile& file, const std::string& path) {
  const auto [address, checked] = file.check_dataset(path);
  const bool may_be_empty = has_matlab_empty(checked);
  const auto known = types_.find(checked.plain_type);
  if (known != types_.end() && !may_be_empty) {
    auto dataset = plain_dataset(file, path, known->second, checked);
    if (dataset) return {.dataset = std::move(*dataset), .is_empty = false};
  }
  Handle handle = file.open(address, path);
  const bool is_empty = may_be_empty && is_empty_in_matlab(file, handle, path);
  Unit unit{.dataset = describe_dataset(file, path, std::move(handle), checked), .is_empty = is_empty};
  if (!checked.plain_type.empty()) types_.emplace(checked.plain_type, unit.dataset.type);
  return unit;
}

void StoredUnits::look_at(const OpenFile& file, const std::string& path) {
  const auto [dataset, is_empty] = unit_at(file, path);
  require_readable(file, dataset);
  if (!dataset.type.is_numeric()) file.refuse(path, "its elements are no numbers");
  if (!is_list(dataset)) file.refuse(path, "it is no list of spike times: it does not have one axis");
  const std::uint64_t length = is_empty ? 0 : dataset.count();
  const std::uint64_t start = count();
  if (length > most_spikes - start) file.refuse(path_, "it has more than 2^53 spikes");
  ends_.push_back(static_cast<std::int64_t>(start + length));
  if (dataset.is_compressed()) compressed_ += length;
  if (length == 0) return;
  if (!dataset.offset) {
    plan_.requests.push_back({.path = path, .is_list = true, .first_row = 0, .count = length, .to = {}});
    request_starts_.push_back(start);
    return;
  }
  plan_.parts.push_back({.offset = *dataset.offset,
                         .stored = dataset.type.elements,
                         .count = length,
                         .to = {},
                         .object = static_cast<std::uint32_t>(plan_.objects.size())});
  plan_.objects.push_back(path);
  part_starts_.push_back(start);
}

ReadPlan StoredUnits::take_plan(const Destination& to) {
  platform::expect_filling({to.out, count() * sizeof(double)});
  for (std::size_t i = 0; i < plan_.requests.size(); i++) plan_.requests[i].to = later(to, request_starts_[i]);
  for (std::size_t i = 0; i < plan_.parts.size(); i++) plan_.parts[i].to = later(to, part_starts_[i]);
  is_taken_ = true;
  return std::exchange(plan_, {});
}

std::vector<TimesRun> StoredUnits::runs() const {
  std::vector<TimesRun> runs;
  if (!plan_.requests.empty()) return runs;
  runs.reserve(plan_.parts.size());
  for (std::size_t i = 0; i < plan_.parts.size(); i++) {
    const FilePart& part = plan_.parts[i];
    runs.push_back({.first = part_starts_[i], .offset = part.offset, .stored = part.stored});
  }
  return runs;
}

ReadPlan StoredUnits::plan(std::uint64_t first, std::uint64_t count, const Destination& to) const {
  ReadPlan some;
  for (std::size_t i = first_with(request_starts_, first);
       i < request_starts_.size() && request_starts_[i] < first + count; i++) {
    ReadRequest request = plan_.requests[i];
    const Stretch stretch = stretch_of(request_starts_[i], request.count, first, count);
    if (stretch.count == 0) continue;
    request.first_row = stretch.from;
    request.count = stretch.count;
    request.to = later(to, stretch.at);
    some.requests.push_back(std::move(request));
  }
  for (std::size_t i = first_with(part_starts_, first); i < part_starts_.size() && part_starts_[i] < first + count;
       i++) {
    FilePart part = plan_.parts[i];
    const Stretch stretch = stretch_of(part_starts_[i], part.count, first, count);
    if (stretch.count == 0) continue;
    part.offset += stretch.from * size_of(part.stored);
    part.count = stretch.count;
    part.to = later(to, stretch.at);
    some.objects.push_back(plan_.objects[part.object]);
    part.object = static_cast<std::uint32_t>(some.objects.size() - 1);
    some.parts.push_back(part);
  }
  return some;
}

}  // namespace spikeport::hdf5
