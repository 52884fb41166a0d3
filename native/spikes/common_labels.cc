#include "spikes/common_labels.h"

#include <algorithm>
#include <array>
#include <limits>

#include "spikes/unit_number.h"

namespace spikeport {
namespace {

/** Spikes that are counted at a time: a millisecond or less. */
constexpr std::size_t counted_spikes = std::size_t{1} << 16U;

/** Spikes whose numbers are converted together. */
constexpr std::size_t converted_spikes = 1024;

/** This many pairs have a count each; more only where there are as many spikes. */
constexpr std::size_t few_pairs = std::size_t{1} << 18U;

/** What is no number of a unit or label. */
constexpr std::uint64_t no_number = std::numeric_limits<std::uint64_t>::max();

/** Whole numbers below this are exact as float64. */
constexpr std::size_t most_exact = std::size_t{1} << 53U;

using WholeNumbers = std::array<std::uint64_t, converted_spikes>;

void convert(const Numbers& numbers, std::size_t first, std::size_t count, WholeNumbers& batch) {
  with_type(numbers.type, [&]<typename Number>(Number /*zero*/) {
    const auto* const given = reinterpret_cast<const Number*>(numbers.bytes.data()) + first;
    std::transform(given, given + count, batch.begin(),
                   [](Number number) { return unit_number(number, most_exact).value_or(no_number); });
  });
}

}  // namespace

CommonLabels::CommonLabels(const LabelRequest& request) : request_(request), ranges_(std::max(1U, request.ranges)) {
  const std::size_t most_pairs = std::max(few_pairs, request_.spike_count / ranges_.size());
  is_dense_ = request_.label_count <= most_pairs / std::max<std::size_t>(1, request_.row_count);
}

void CommonLabels::begin(const Numbers& units, const Numbers& labels) {
  units_ = units;
  labels_ = labels;
  const auto spikes = static_cast<std::size_t>(units.count());
  const std::size_t length = spikes / ranges_.size();
  for (std::size_t i = 0; i < ranges_.size(); i++) {
    ranges_[i].at = i * length;
    ranges_[i].end = i + 1 == ranges_.size() ? spikes : (i + 1) * length;
  }
}

bool CommonLabels::count(unsigned number) {
  Range& range = ranges_[number];
  if (is_dense_ && range.counts.empty()) range.counts.resize(request_.row_count * request_.label_count);
  const std::size_t end = std::min(range.at + counted_spikes, range.end);
  WholeNumbers units;
  WholeNumbers labels;
  while (range.at < end) {
    const std::size_t count = std::min(converted_spikes, end - range.at);
    convert(units_, range.at, count, units);
    convert(labels_, range.at, count, labels);
    for (std::size_t i = 0; i < count; i++) {
      const std::int32_t row = units[i] < request_.rows.size() ? request_.rows[units[i]] : -1;
      const bool is_wanted = row >= 0 && static_cast<std::size_t>(row) < request_.row_count;
      if (labels[i] >= (is_wanted ? request_.label_count : no_number)) {
        range.problem = range.at + i;
        return false;
      }
      if (is_wanted) add(range, static_cast<std::uint64_t>(row), labels[i]);
    }
    range.at += count;
  }
  return range.at < range.end;
}

void CommonLabels::add(Range& range, std::uint64_t row, std::uint64_t label) const {
  const std::uint64_t pair = row * request_.label_count + label;
  if (is_dense_) {
    range.counts[pair]++;
  } else {
    range.sparse[pair]++;
  }
}

std::int32_t CommonLabels::most_common(std::size_t row) const {
  std::int32_t label = -1;
  std::uint64_t most = 0;
  const auto see = [&](std::uint64_t candidate, std::uint64_t count) {
    if (count <= most) return;
    most = count;
    label = static_cast<std::int32_t>(candidate);
  };
  const std::uint64_t begin = row * request_.label_count;
  const std::uint64_t end = begin + request_.label_count;
  if (is_dense_) {
    for (std::uint64_t pair = begin; pair < end; pair++) {
      std::uint64_t count = 0;
      for (const Range& range : ranges_) count += range.counts.empty() ? 0 : range.counts[pair];
      see(pair - begin, count);
    }
    return label;
  }
  std::map<std::uint64_t, std::uint64_t> counts;
  for (const Range& range : ranges_) {
    const auto last = range.sparse.lower_bound(end);
    for (auto pair = range.sparse.lower_bound(begin); pair != last; ++pair) counts[pair->first] += pair->second;
  }
  for (const auto& [pair, count] : counts) see(pair - begin, count);
  return label;
}

std::optional<std::size_t> CommonLabels::problem() const {
  const auto range = std::ranges::find_if(ranges_, [](const Range& counted) { return counted.problem.has_value(); });
  return range == ranges_.end() ? std::nullopt : range->problem;
}

}  // namespace spikeport
