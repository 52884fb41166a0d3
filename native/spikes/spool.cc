#include "spikes/spool.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "kernels/order.h"
#include "spikes/spool_runs.h"

namespace spikeport {
namespace {

/** The bytes written at a time: a few milliseconds. */
constexpr std::uint64_t piece_bytes = std::uint64_t{1} << 22U;

/** A run of up to this many spikes takes no memory for more: many small recordings can be made at a time. */
constexpr std::size_t few_spikes = std::size_t{1} << 14U;

}  // namespace

void SpikeBuffer::make_room(std::size_t count, std::size_t most) {
  const std::size_t wanted = std::min(count, most - size_) + size_;
  if (wanted <= capacity_) return;
  // In one step: what is copied is little, and the JS thread held for less than a millisecond.
  const std::size_t capacity = wanted <= few_spikes ? std::min(few_spikes, most) : most;
  auto units = std::make_unique_for_overwrite<std::uint32_t[]>(capacity);
  auto times = std::make_unique_for_overwrite<double[]>(capacity);
  auto values = std::make_unique_for_overwrite<std::byte[]>(capacity * record_size_);
  std::copy_n(units_.get(), size_, units.get());
  std::copy_n(times_.get(), size_, times.get());
  std::copy_n(values_.get(), size_ * record_size_, values.get());
  units_ = std::move(units);
  times_ = std::move(times);
  values_ = std::move(values);
  capacity_ = capacity;
}

Spool::Spool(Settings settings)
    : settings_(std::move(settings)),
      filling_(settings_.values.record_size()),
      writing_(settings_.values.record_size()),
      scratch_(settings_.values.record_size()) {}

std::size_t Spool::with_values(std::size_t spikes, Values values) const {
  const auto types = settings_.values.types();
  for (std::size_t column = 0; column < types.size(); column++) {
    spikes = column < values.size() ? std::min(spikes, values[column].size() / size_of(types[column])) : 0;
  }
  return spikes;
}

std::size_t Spool::take(std::size_t units, std::optional<double> refused_unit, Values values) {
  const auto rest = filling_.rest();
  std::size_t taken = 0;
  for (; taken < units; taken++) {
    const double time = rest.times[taken];
    // Also false for NaN.
    if (!(time >= settings_.first_time && time <= settings_.last_time)) break;
  }
  if (taken < units) {
    const double time = rest.times[taken];
    const auto kind = !std::isfinite(time)          ? SpikeProblem::Kind::not_finite
                      : time < settings_.first_time ? SpikeProblem::Kind::before_start
                                                    : SpikeProblem::Kind::after_end;
    problem_ = SpikeProblem{.kind = kind, .unit = static_cast<double>(rest.units[taken]), .time = time};
  } else if (refused_unit) {
    problem_ = SpikeProblem{.kind = SpikeProblem::Kind::unit, .unit = *refused_unit, .time = 0};
  }
  for (std::size_t column = 0; taken > 0 && column < settings_.values.types().size(); column++) {
    const std::size_t bytes = taken * size_of(settings_.values.types()[column]);
    settings_.values.put(column, values[column].first(bytes), rest.values.subspan(0, taken));
  }
  filling_.add(taken);
  spike_count_ += taken;
  return taken;
}

void Spool::hand_over() {
  std::swap(filling_, writing_);
  filling_.clear();
}

platform::File Spool::another_file() const { return platform::File::create_unnamed(settings_.folder, settings_.name); }

void Spool::sort_run() {
  scratch_.make_room(writing_.size(), settings_.run_spikes);
  sorted_ = kernels::sort_by_unit(writing_.spikes(), scratch_.rest(), entries_);
  std::size_t begin = 0;
  for (const auto& [unit, end] : entries_) {
    const auto times = sorted_.times.subspan(begin, end - begin);
    if (unit >= units_.counts.size()) {
      units_.counts.resize(unit + std::size_t{1});
      units_.first.resize(units_.counts.size());
      units_.last.resize(units_.counts.size(), -std::numeric_limits<double>::infinity());
      units_.falls.resize(units_.counts.size());
    }
    if (units_.counts[unit] == 0) units_.first[unit] = times.front();
    if (times.front() < units_.last[unit] || !kernels::in_order(times)) units_.falls[unit] = true;
    units_.last[unit] = times.back();
    units_.counts[unit] += times.size();
    begin = end;
  }
}

kernels::SpikesByUnit Spool::sort_last() {
  sort_run();
  return sorted_;
}

bool Spool::write_some() {
  if (!written_) {
    sort_run();
    if (entries_.empty()) return false;
    if (!file_.is_open()) file_ = another_file();
    SpoolRun run{
        .offset = file_size_, .entry_count = entries_.size(), .spike_count = sorted_.times.size(), .landmarks = {}};
    for (std::size_t i = 0; i < entries_.size(); i += SpoolRun::stride) run.landmarks.push_back(entries_[i].unit);
    file_size_ = run.values_offset() + sorted_.values.bytes.size();
    file_.reserve(run.offset, file_size_ - run.offset);
    file_.write(std::as_bytes(std::span(entries_)), run.offset);
    runs_.push_back(std::move(run));
    written_ = 0;
    return true;
  }
  // The records follow the times.
  const auto times = std::as_bytes(sorted_.times);
  const std::span<const std::byte> values = sorted_.values.bytes;
  const auto done = static_cast<std::size_t>(*written_);
  const auto bytes = done < times.size() ? times.subspan(done) : values.subspan(done - times.size());
  const auto piece = bytes.first(std::min<std::size_t>(bytes.size(), piece_bytes));
  file_.write(piece, runs_.back().times_offset() + *written_);
  *written_ += piece.size();
  if (*written_ < times.size() + values.size()) return true;
  written_.reset();
  return false;
}

std::shared_ptr<const SpoolRuns> Spool::take_runs() {
  return std::make_shared<const SpoolRuns>(std::exchange(file_, {}), std::exchange(runs_, {}), units_.counts.size());
}

void Spool::close() {
  free_buffers();
  file_ = platform::File();
  runs_ = {};
  units_ = {};
}

void Spool::free_buffers() {
  filling_ = {};
  writing_ = {};
  scratch_ = {};
  entries_ = {};
}

}  // namespace spikeport
