#include "binding/spike_trains_object.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "binding/arrays.h"
#include "binding/environment.h"
#include "engine/block.h"
#include "engine/export_job.h"
#include "engine/thread_pool.h"
#include "spikes/memory_spike_trains.h"
#include "spikes/not_finite_search.h"
#include "spikes/sealing.h"
#include "spikes/splitting.h"
#include "spikes/time_survey.h"

namespace spikeport::binding {
namespace {

const char* name_of(SealReport::Problem problem) {
  switch (problem) {
    case SealReport::Problem::not_finite:
      return "notFinite";
    case SealReport::Problem::before_start:
      return "beforeStart";
    default:
      return "afterEnd";
  }
}

Napi::Float64Array counts_to_js(Napi::Env env, std::span<const std::size_t> numbers) {
  auto array = Napi::Float64Array::New(env, numbers.size());
  std::ranges::transform(numbers, array.Data(), [](std::size_t number) { return static_cast<double>(number); });
  return array;
}

std::span<double> writable_times(const Napi::Value& value) {
  auto times = value.As<Napi::Float64Array>();
  return {times.Data(), times.ElementLength()};
}

template <typename Number>
std::shared_ptr<Splitting> splitting(const Napi::CallbackInfo& info, unsigned ranges) {
  const auto idces = elements_of<Number>(info[0]);
  const auto times = elements_of<double>(info[1]);
  // A length from JavaScript is never trusted for an access to memory.
  if (idces.size() != times.size()) throw Napi::RangeError::New(info.Env(), "Expected a unit for every time.");
  SplitRequest request{.most_units = static_cast<std::size_t>(info[3].As<Napi::Number>().Int64Value()),
                       .keeps_times = info[4].ToBoolean(),
                       .ranges = ranges};
  if (!info[2].IsUndefined()) request.unit_count = static_cast<std::size_t>(info[2].As<Napi::Number>().Int64Value());
  return std::make_shared<SplittingOf<Number>>(idces, times, request);
}

std::shared_ptr<Splitting> splitting_of(const Napi::CallbackInfo& info, unsigned ranges) {
  return with_type(numbers_of(info[0]).value().type,
                   [&]<typename Number>(Number /*zero*/) { return splitting<Number>(info, ranges); });
}

Napi::Value to_js(Napi::Env env, const SplitReport& report, std::size_t spike_count) {
  auto result = Napi::Object::New(env);
  if (report.problem) {
    result["problem"] = static_cast<double>(*report.problem);
  } else if (report.too_high) {
    result["tooHigh"] = *report.too_high;
  } else {
    if (report.times) result["times"] = shared_float64_array(env, report.times, spike_count);
    result["ends"] = shared_int64_array(env, report.ends, report.unit_count);
  }
  return result;
}

}  // namespace

RecordingWindow window_from(const Napi::Value& value) {
  const auto object = value.As<Napi::Object>();
  const Napi::Value length = object.Get("length");
  RecordingWindow window{.start = object.Get("startTime").ToNumber().DoubleValue(), .length = std::nullopt};
  if (!length.IsUndefined()) window.length = length.ToNumber().DoubleValue();
  return window;
}

Napi::Object to_js(Napi::Env env, const SealReport& report) {
  auto sealed = Napi::Object::New(env);
  sealed["length"] = report.length;
  if (report.problem != SealReport::Problem::none) {
    auto problem = Napi::Object::New(env);
    problem["kind"] = name_of(report.problem);
    problem["unit"] = static_cast<double>(report.unit);
    problem["value"] = report.value;
    sealed["problem"] = problem;
  }
  if (report.first_reordered) sealed["firstReordered"] = static_cast<double>(*report.first_reordered);
  sealed["sortedUnits"] = counts_to_js(env, report.sorted_units);
  sealed["sortedEnds"] = counts_to_js(env, report.sorted_ends);
  const std::size_t sorted_count = report.sorted_ends.empty() ? 0 : report.sorted_ends.back();
  sealed["sortedTimes"] = shared_float64_array(env, report.sorted_times, sorted_count);
  return sealed;
}

Napi::Function SpikeTrainsObject::define(Napi::Env env) {
  return DefineClass(
      env, "SpikeTrains",
      {InstanceMethod("append", &SpikeTrainsObject::append),
       InstanceMethod("appendFlat", &SpikeTrainsObject::append_flat),
       InstanceMethod("appendEmpty", &SpikeTrainsObject::append_empty),
       InstanceMethod("seal", &SpikeTrainsObject::seal), InstanceMethod("sealAsync", &SpikeTrainsObject::seal_async),
       InstanceMethod("longestTrain", &SpikeTrainsObject::longest_train),
       InstanceMethod("countSpikes", &SpikeTrainsObject::count_spikes),
       InstanceMethod("readTrain", &SpikeTrainsObject::read_train),
       InstanceMethod("readValues", &SpikeTrainsObject::read_values),
       InstanceMethod("unitsNotFinite", &SpikeTrainsObject::units_not_finite),
       InstanceMethod("survey", &SpikeTrainsObject::survey), InstanceMethod("select", &SpikeTrainsObject::select),
       InstanceMethod("limit", &SpikeTrainsObject::limit), InstanceMethod("close", &SpikeTrainsObject::close),
       InstanceAccessor("unitCount", &SpikeTrainsObject::unit_count, nullptr),
       InstanceAccessor("spikeCount", &SpikeTrainsObject::spike_count, nullptr)});
}

SpikeTrainsObject::SpikeTrainsObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SpikeTrainsObject>(info) {
  info.This().As<Napi::Object>().TypeTag(&Environment::spike_trains_tag);
  trains_->reserve(static_cast<std::size_t>(info[0].As<Napi::Number>().Int64Value()));
}

SpikeTrainsObject::~SpikeTrainsObject() {
  // The system frees the room of a large file when it is closed, which takes a while.
  if (stored_) workers().post([stored = std::move(stored_)] {});
}

void SpikeTrainsObject::append(const Napi::CallbackInfo& info) {
  const auto given = info[0].As<Napi::Array>();
  const auto copies = writable_times(info[1]);
  const auto lengths = elements_of<double>(info[2]);
  std::size_t copied = 0;
  for (std::uint32_t i = 0; i < lengths.size(); i++) {
    const Napi::Value train = given.Get(i);
    if (!train.IsUndefined()) {
      trains_->append(elements_of<double>(train));
      continue;
    }
    const auto length = std::min(static_cast<std::size_t>(lengths[i]), copies.size() - copied);
    trains_->append_own(copies.subspan(copied, length));
    copied += length;
  }
}

void SpikeTrainsObject::append_flat(const Napi::CallbackInfo& info) {
  const auto times = writable_times(info[0]);
  const bool is_own = info[2].ToBoolean();
  const auto ends = elements_of<std::int64_t>(info[1]);
  const auto to = std::min(static_cast<std::size_t>(info[4].As<Napi::Number>().Int64Value()), ends.size());
  const auto from = std::min(static_cast<std::size_t>(info[3].As<Napi::Number>().Int64Value()), to);
  std::size_t begin = from == 0 ? 0 : std::min(static_cast<std::size_t>(ends[from - 1]), times.size());
  for (const std::int64_t end : ends.subspan(from, to - from)) {
    const auto next = std::clamp(static_cast<std::size_t>(end), begin, times.size());
    const auto train = times.subspan(begin, next - begin);
    if (is_own) {
      trains_->append_own(train);
    } else {
      trains_->append(train);
    }
    begin = next;
  }
}

void SpikeTrainsObject::append_empty(const Napi::CallbackInfo& info) {
  trains_->append_empty(static_cast<std::size_t>(info[0].As<Napi::Number>().Int64Value()));
}

Napi::Value SpikeTrainsObject::seal(const Napi::CallbackInfo& info) {
  return to_js(info.Env(), spikeport::seal(*trains_, window_from(info[0])));
}

Napi::Value SpikeTrainsObject::seal_async(const Napi::CallbackInfo& info) {
  std::optional<std::vector<double>> falls;
  if (!info[2].IsUndefined()) {
    const auto given = elements_of<double>(info[2]);
    falls.emplace(given.begin(), given.end());
  }
  auto sealing = std::make_shared<Sealing>(*trains_, window_from(info[0]), std::move(falls));
  auto report = std::make_shared<SealReport>();
  const auto inspect = [sealing](Job& job, unsigned /*participant*/) {
    const bool more = sealing->inspect();
    job.advance(sealing->take_settled());
    return more;
  };
  const auto sort = [sealing](Job& job, unsigned /*participant*/) {
    const bool more = sealing->sort();
    job.advance(sealing->take_settled());
    return more;
  };
  const auto finish = [sealing, report, trains = trains_](Job& /*job*/, unsigned /*participant*/) {
    *report = sealing->finish();
    return false;
  };
  const unsigned threads = useful_threads(trains_->spike_count() * sizeof(double), {.threads = workers().size()});
  const auto job = std::make_shared<Job>(std::vector<Stage>{
      {.threads = workers(), .work = inspect, .participants = threads},
      {.threads = workers(), .work = sort, .participants = threads},
      {.threads = workers(), .work = finish},
  });
  const auto outcome = [report]() -> Environment::Result {
    return [report](Napi::Env env) { return to_js(env, *report); };
  };
  job->expect_bytes(trains_->spike_count());
  const Napi::Function on_progress = function_in(info[1]);
  return Environment::of(info.Env()).start(job, info.This(), outcome, on_progress);
}

Napi::Value SpikeTrainsObject::unit_count(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(trains()->unit_count()));
}

Napi::Value SpikeTrainsObject::spike_count(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(trains()->spike_count()));
}

Napi::Value SpikeTrainsObject::longest_train(const Napi::CallbackInfo& info) {
  const auto all = trains();
  std::size_t longest = 0;
  for (std::size_t unit = 1; unit < all->added_unit_count(); unit++) {
    if (all->spike_count(unit) > all->spike_count(longest)) longest = unit;
  }
  auto found = Napi::Object::New(info.Env());
  found["unit"] = static_cast<double>(longest);
  found["spikeCount"] = static_cast<double>(all->spike_count(longest));
  return found;
}

void SpikeTrainsObject::count_spikes(const Napi::CallbackInfo& info) {
  const auto all = trains();
  const auto counts = writable_times(info[0]);
  const auto first = static_cast<std::size_t>(info[1].As<Napi::Number>().Int64Value());
  for (std::size_t i = 0; i < counts.size(); i++) counts[i] = static_cast<double>(all->spike_count(first + i));
}

Napi::Value SpikeTrainsObject::read_train(const Napi::CallbackInfo& info) {
  const auto all = trains();
  const auto unit = static_cast<std::size_t>(info[0].As<Napi::Number>().Int64Value());
  const auto times = writable_times(info[1]);
  if (unit >= all->unit_count() || times.size() != all->spike_count(unit)) {
    throw Napi::RangeError::New(info.Env(), "Expected an array for all times of a unit.");
  }
  const auto next = std::make_shared<std::size_t>(0);
  const auto read = [all, unit, times, next](Job& /*job*/, unsigned /*participant*/) {
    constexpr std::size_t block = block_size / sizeof(double);
    const auto part = times.subspan(*next, std::min(block, times.size() - *next));
    all->read(unit, *next, part);
    *next += part.size();
    return *next < times.size();
  };
  const auto job = std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = read}});
  return Environment::of(info.Env()).start(job, kept(info.Env(), {info.This(), info[1]}), Environment::no_result, {});
}

Napi::Value SpikeTrainsObject::read_values(const Napi::CallbackInfo& info) {
  const auto all = trains();
  const auto column = static_cast<std::size_t>(info[0].As<Napi::Number>().Int64Value());
  const auto unit = static_cast<std::size_t>(info[1].As<Napi::Number>().Int64Value());
  const auto into = numbers_of(info[2]);
  if (column >= all->value_types().size() || unit >= all->unit_count() || !into ||
      into->type != all->value_types()[column] || into->count() != all->spike_count(unit)) {
    throw Napi::RangeError::New(info.Env(), "Expected an array for all values of a unit.");
  }
  // Memory of the caller's, which the job is to fill.
  const std::span values(const_cast<std::byte*>(into->bytes.data()), into->bytes.size());
  const auto next = std::make_shared<std::size_t>(0);
  const auto read = [all, column, values, next, first = all->first_spike(unit)](Job& /*job*/, unsigned /*thread*/) {
    const auto part = values.subspan(*next, std::min(block_size, values.size() - *next));
    all->read_values(column, first + *next / size_of(all->value_types()[column]), part);
    *next += part.size();
    return *next < values.size();
  };
  const auto job = std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = read}});
  return Environment::of(info.Env()).start(job, kept(info.Env(), {info.This(), info[2]}), Environment::no_result, {});
}

Napi::Value SpikeTrainsObject::units_not_finite(const Napi::CallbackInfo& info) {
  const auto all = trains();
  const auto column = static_cast<std::size_t>(info[0].As<Napi::Number>().Int64Value());
  if (column >= all->value_types().size()) throw Napi::RangeError::New(info.Env(), "Expected a column of values.");
  const auto search = std::make_shared<NotFiniteSearch>(all, column);
  const auto look = [search](Job& /*job*/, unsigned /*participant*/) { return search->look_at_some(); };
  const unsigned threads = useful_threads(search->byte_size(), {.threads = workers().size()});
  const auto job =
      std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = look, .participants = threads}});
  const auto outcome = [search]() -> Environment::Result {
    return [search](Napi::Env env) -> Napi::Value { return counts_to_js(env, search->units()); };
  };
  return Environment::of(info.Env()).start(job, info.This(), outcome, {});
}

Napi::Value SpikeTrainsObject::survey(const Napi::CallbackInfo& info) {
  /** What is looked at, and how many units have no spikes. */
  struct Work {
    TimeSurvey times;
    std::size_t empty_units = 0;
  };
  const auto work = std::make_shared<Work>(Work{.times = TimeSurvey(trains(), info[0].ToNumber().DoubleValue())});
  const auto look = [work](Job& /*job*/, unsigned /*participant*/) { return work->times.look_at_some(); };
  const auto count = [work](Job& /*job*/, unsigned /*participant*/) {
    work->empty_units = work->times.empty_units();
    return false;
  };
  const auto job = std::make_shared<Job>(
      std::vector<Stage>{{.threads = workers(), .work = look}, {.threads = workers(), .work = count}});
  const auto outcome = [work]() -> Environment::Result {
    return [work](Napi::Env env) -> Napi::Value {
      auto result = Napi::Object::New(env);
      result["repeated"] = static_cast<double>(work->times.repeated());
      result["repeatingUnits"] = static_cast<double>(work->times.repeating_units());
      if (const auto unit = work->times.first_repeating()) result["firstRepeating"] = static_cast<double>(*unit);
      result["atEnd"] = static_cast<double>(work->times.at_end());
      result["emptyUnits"] = static_cast<double>(work->empty_units);
      return result;
    };
  };
  return Environment::of(info.Env()).start(job, info.This(), outcome, {});
}

Napi::Value SpikeTrainsObject::select(const Napi::CallbackInfo& info) {
  /** The trains, the units that are chosen of them if not all are, and what is found of these. */
  struct Selection {
    Slot trains;
    std::optional<std::vector<double>> units;
    TrainFacts all;
    SealReport report;
  };
  const RecordingWindow window = window_from(info[1]);
  const auto found = std::make_shared<Selection>();
  found->trains = *slot();
  if (!info[0].IsUndefined()) {
    const auto given = elements_of<double>(info[0]);
    found->units.emplace(given.begin(), given.end());
  }
  const auto select = [found, window](Job& /*job*/, unsigned /*participant*/) {
    if (found->units) found->trains = std::make_shared<FileSpikeTrains>(*found->trains, *found->units);
    found->report = seal_report(found->trains->facts(), window);
    for (const TrainFacts& facts : found->trains->facts()) {
      found->all.first = std::min(found->all.first, facts.first);
      found->all.last = std::max(found->all.last, facts.last);
    }
    return false;
  };
  const auto job = std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = select}});
  const auto outcome = [found, slot = slot()]() -> Environment::Result {
    return [found, slot](Napi::Env env) -> Napi::Value {
      *slot = found->trains;
      auto result = to_js(env, found->report);
      result["earliest"] = found->all.first;
      result["latest"] = found->all.last;
      return result;
    };
  };
  return Environment::of(info.Env()).start(job, info.This(), outcome, {});
}

Napi::Value SpikeTrainsObject::limit(const Napi::CallbackInfo& info) {
  const TimeLimits limits{.first = info[0].As<Napi::Number>().DoubleValue(),
                          .last = info[1].As<Napi::Number>().DoubleValue()};
  const auto moved = std::make_shared<std::uint64_t>(0);
  const auto move = [trains = *slot(), limits, moved](Job& /*job*/, unsigned /*participant*/) {
    *moved = trains->limit(limits);
    return false;
  };
  const auto job = std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = move}});
  const auto outcome = [moved]() -> Environment::Result {
    return [moved](Napi::Env env) { return Napi::Number::New(env, static_cast<double>(*moved)); };
  };
  return Environment::of(info.Env()).start(job, info.This(), outcome, {});
}

Napi::Value SpikeTrainsObject::close(const Napi::CallbackInfo& info) {
  const auto release = [trains = *slot()](Job& /*job*/, unsigned /*participant*/) {
    if (trains) trains->close();
    return false;
  };
  const auto job = std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = release}});
  return Environment::of(info.Env()).start(job, info.This(), Environment::no_result, {});
}

std::shared_ptr<const SpikeTrains> trains_of(const Napi::Value& object) {
  if (!object.IsObject() || !object.As<Napi::Object>().CheckTypeTag(&Environment::spike_trains_tag)) return nullptr;
  return SpikeTrainsObject::Unwrap(object.As<Napi::Object>())->trains();
}

Napi::Value split_by_unit(const Napi::CallbackInfo& info) {
  const auto split = splitting_of(info, 1);
  while (split->inspect(0)) continue;
  split->begin_counting();
  while (split->count(0)) continue;
  split->begin_placing();
  while (split->place(0)) continue;
  split->finish();
  return to_js(info.Env(), split->report(), elements_of<double>(info[1]).size());
}

Napi::Value split_by_unit_async(const Napi::CallbackInfo& info) {
  const std::size_t spike_count = elements_of<double>(info[1]).size();
  const unsigned threads = useful_threads(spike_count * sizeof(double), {.threads = workers().size()});
  const auto split = splitting_of(info, threads);
  const auto pass = [split, threads](bool (Splitting::*piece)(unsigned)) {
    return Stage{.threads = workers(),
                 .work = [split, piece](Job& /*job*/, unsigned range) { return ((*split).*piece)(range); },
                 .participants = threads};
  };
  const auto between = [split](void (Splitting::*step)()) {
    return Stage{.threads = workers(), .work = [split, step](Job& /*job*/, unsigned /*participant*/) {
                   ((*split).*step)();
                   return false;
                 }};
  };
  const auto job = std::make_shared<Job>(std::vector<Stage>{
      pass(&Splitting::inspect),
      between(&Splitting::begin_counting),
      pass(&Splitting::count),
      between(&Splitting::begin_placing),
      pass(&Splitting::place),
      between(&Splitting::finish),
  });
  const auto outcome = [split, spike_count]() -> Environment::Result {
    return [split, spike_count](Napi::Env env) { return to_js(env, split->report(), spike_count); };
  };
  return Environment::of(info.Env()).start(job, kept(info.Env(), {info[0], info[1]}), outcome, {});
}

}  // namespace spikeport::binding
