#include "binding/spike_trains_object.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "binding/arrays.h"
#include "binding/environment.h"
#include "engine/export_job.h"
#include "engine/thread_pool.h"
#include "spikes/memory_spike_trains.h"
#include "spikes/sealing.h"

namespace spikeport::binding {
namespace {

RecordingWindow window_from(const Napi::Value& value) {
  const auto object = value.As<Napi::Object>();
  const Napi::Value length = object.Get("length");
  RecordingWindow window{.start = object.Get("startTime").ToNumber().DoubleValue(), .length = std::nullopt};
  if (!length.IsUndefined()) window.length = length.ToNumber().DoubleValue();
  return window;
}

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

Napi::Float64Array to_js(Napi::Env env, std::span<const std::size_t> numbers) {
  auto array = Napi::Float64Array::New(env, numbers.size());
  std::ranges::transform(numbers, array.Data(), [](std::size_t number) { return static_cast<double>(number); });
  return array;
}

Napi::Value to_js(Napi::Env env, const SealReport& report) {
  auto sealed = Napi::Object::New(env);
  sealed["length"] = report.length;
  if (report.problem != SealReport::Problem::none) {
    auto problem = Napi::Object::New(env);
    problem["kind"] = name_of(report.problem);
    problem["unit"] = static_cast<double>(report.unit);
    problem["value"] = report.value;
    sealed["problem"] = problem;
  }
  sealed["sortedUnits"] = to_js(env, report.sorted_units);
  sealed["sortedEnds"] = to_js(env, report.sorted_ends);
  const std::size_t sorted_count = report.sorted_ends.empty() ? 0 : report.sorted_ends.back();
  sealed["sortedTimes"] = shared_float64_array(env, report.sorted_times, sorted_count);
  return sealed;
}

std::span<double> writable_times(const Napi::Value& value) {
  auto times = value.As<Napi::Float64Array>();
  return {times.Data(), times.ElementLength()};
}

/** A number seen as a unit number below `unit_count`. */
template <typename T>
std::optional<std::size_t> unit_number(T value, std::size_t unit_count) {
  const auto number = static_cast<double>(value);
  if (!(number >= 0.0 && number < static_cast<double>(unit_count)) || std::trunc(number) != number) return std::nullopt;
  return static_cast<std::size_t>(number);
}

struct Split {
  std::vector<std::int64_t> ends;
  std::shared_ptr<double[]> times;
  std::optional<std::size_t> problem;
};

/** A stable counting sort of times by unit. */
template <typename T>
Split split(std::span<const T> idces, std::span<const double> times, std::size_t unit_count) {
  Split result;
  std::vector<std::int64_t> next(unit_count, 0);
  for (std::size_t i = 0; i < idces.size(); i++) {
    const auto unit = unit_number(idces[i], unit_count);
    if (!unit) {
      result.problem = i;
      return result;
    }
    next[*unit]++;
  }
  result.ends.resize(unit_count);
  std::int64_t end = 0;
  for (std::size_t unit = 0; unit < unit_count; unit++) {
    const std::int64_t begin = std::exchange(end, end + next[unit]);
    result.ends[unit] = end;
    next[unit] = begin;
  }
  result.times = allocate_times(times.size());
  for (std::size_t i = 0; i < idces.size(); i++) {
    result.times[next[static_cast<std::size_t>(idces[i])]++] = times[i];
  }
  return result;
}

Split split(const Napi::TypedArray& idces, std::span<const double> times, std::size_t unit_count) {
  switch (numbers_of(idces).value().type) {
    case ElementType::i8:
      return split(elements_of<std::int8_t>(idces), times, unit_count);
    case ElementType::u8:
      return split(elements_of<std::uint8_t>(idces), times, unit_count);
    case ElementType::i16:
      return split(elements_of<std::int16_t>(idces), times, unit_count);
    case ElementType::u16:
      return split(elements_of<std::uint16_t>(idces), times, unit_count);
    case ElementType::i32:
      return split(elements_of<std::int32_t>(idces), times, unit_count);
    case ElementType::u32:
      return split(elements_of<std::uint32_t>(idces), times, unit_count);
    case ElementType::i64:
      return split(elements_of<std::int64_t>(idces), times, unit_count);
    case ElementType::u64:
      return split(elements_of<std::uint64_t>(idces), times, unit_count);
    case ElementType::f32:
      return split(elements_of<float>(idces), times, unit_count);
    case ElementType::f64:
      break;
  }
  return split(elements_of<double>(idces), times, unit_count);
}

}  // namespace

Napi::Function SpikeTrainsObject::define(Napi::Env env) {
  return DefineClass(
      env, "SpikeTrains",
      {InstanceMethod("append", &SpikeTrainsObject::append),
       InstanceMethod("appendFlat", &SpikeTrainsObject::append_flat),
       InstanceMethod("appendEmpty", &SpikeTrainsObject::append_empty),
       InstanceMethod("seal", &SpikeTrainsObject::seal), InstanceMethod("sealAsync", &SpikeTrainsObject::seal_async),
       InstanceMethod("longestTrain", &SpikeTrainsObject::longest_train),
       InstanceAccessor("unitCount", &SpikeTrainsObject::unit_count, nullptr),
       InstanceAccessor("spikeCount", &SpikeTrainsObject::spike_count, nullptr)});
}

SpikeTrainsObject::SpikeTrainsObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SpikeTrainsObject>(info) {
  info.This().As<Napi::Object>().TypeTag(&Environment::spike_trains_tag);
  trains_->reserve(static_cast<std::size_t>(info[0].As<Napi::Number>().Int64Value()));
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
  std::size_t begin = 0;
  for (const std::int64_t end : elements_of<std::int64_t>(info[1])) {
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
  auto sealing = std::make_shared<Sealing>(*trains_, window_from(info[0]));
  auto report = std::make_shared<SealReport>();
  const auto inspect = [sealing](Job& /*job*/, unsigned /*participant*/) { return sealing->inspect(); };
  const auto sort = [sealing](Job& /*job*/, unsigned /*participant*/) { return sealing->sort(); };
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
  return Environment::of(info.Env()).run(job, info.This(), outcome, Napi::Function());
}

Napi::Value SpikeTrainsObject::unit_count(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(trains_->unit_count()));
}

Napi::Value SpikeTrainsObject::spike_count(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(trains_->spike_count()));
}

Napi::Value SpikeTrainsObject::longest_train(const Napi::CallbackInfo& info) {
  std::size_t longest = 0;
  for (std::size_t unit = 1; unit < trains_->appended_count(); unit++) {
    if (trains_->spike_count(unit) > trains_->spike_count(longest)) longest = unit;
  }
  auto found = Napi::Object::New(info.Env());
  found["unit"] = static_cast<double>(longest);
  found["spikeCount"] = static_cast<double>(trains_->spike_count(longest));
  return found;
}

std::shared_ptr<const SpikeTrains> trains_of(const Napi::Value& object) {
  if (!object.IsObject() || !object.As<Napi::Object>().CheckTypeTag(&Environment::spike_trains_tag)) return nullptr;
  return SpikeTrainsObject::Unwrap(object.As<Napi::Object>())->trains();
}

Napi::Value split_by_unit(const Napi::CallbackInfo& info) {
  const auto idces = info[0].As<Napi::TypedArray>();
  const auto times = elements_of<double>(info[1]);
  // Lengths from JavaScript are checked before memory is accessed.
  if (idces.ElementLength() != times.size()) throw Napi::RangeError::New(info.Env(), "Expected a unit for every time.");
  const Split parts = split(idces, times, static_cast<std::size_t>(info[2].As<Napi::Number>().Int64Value()));
  auto result = Napi::Object::New(info.Env());
  if (parts.problem) {
    result["problem"] = static_cast<double>(*parts.problem);
    return result;
  }
  auto ends = Napi::BigInt64Array::New(info.Env(), parts.ends.size());
  std::ranges::copy(parts.ends, ends.Data());
  result["ends"] = ends;
  result["times"] = shared_float64_array(info.Env(), parts.times, times.size());
  return result;
}

}  // namespace spikeport::binding
