#include "binding/spool_object.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "binding/arrays.h"
#include "binding/environment.h"
#include "binding/spike_trains_object.h"
#include "engine/thread_pool.h"
#include "spikes/spool_merge.h"

namespace spikeport::binding {
namespace {

/** More threads read no faster, and share the memory. */
constexpr unsigned most_mergers = 4;
/** The times that a merger has in memory: more take long between two looks at a signal. */
constexpr std::size_t most_merged = std::size_t{1} << 21U;
constexpr std::size_t least_merged = 1024;
/** With values it is less: a spike can have hundreds of bytes. */
constexpr std::size_t least_with_values = 64;

std::size_t count_from(const Napi::Value& value) {
  return static_cast<std::size_t>(value.As<Napi::Number>().Int64Value());
}

/** The arrays of a list. */
std::vector<Numbers> columns_of(Napi::Env env, const Napi::Array& arrays) {
  std::vector<Numbers> columns;
  for (std::uint32_t i = 0; i < arrays.Length(); i++) {
    const auto numbers = numbers_of(arrays.Get(i));
    if (!numbers) throw Napi::TypeError::New(env, "Expected arrays of numbers.");
    columns.push_back(*numbers);
  }
  return columns;
}

Spool::Settings settings_from(const Napi::CallbackInfo& info) {
  Spool::Settings settings{.folder = info[0].As<Napi::String>(),
                           .name = info[1].As<Napi::String>(),
                           .run_spikes = std::max<std::size_t>(count_from(info[2]), 1),
                           .most_units = count_from(info[3]),
                           .values = {}};
  if (!info[4].IsUndefined()) {
    const RecordingWindow window = window_from(info[4]);
    settings.first_time = window.start;
    if (window.length) settings.last_time = window.start + *window.length;
  }
  if (info[5].IsArray()) {
    std::vector<ElementType> types;
    for (const Numbers& column : columns_of(info.Env(), info[5].As<Napi::Array>())) types.push_back(column.type);
    settings.values = ValueLayout(std::move(types));
  }
  return settings;
}

const char* name_of(SpikeProblem::Kind kind) {
  switch (kind) {
    case SpikeProblem::Kind::unit:
      return "unit";
    case SpikeProblem::Kind::not_finite:
      return "notFinite";
    case SpikeProblem::Kind::before_start:
      return "beforeStart";
    default:
      return "afterEnd";
  }
}

/** Elements `from` to `to - 1`, as far as there are as many. */
template <typename T>
std::span<const T> part_of(const Numbers& numbers, std::size_t from, std::size_t to) {
  const std::span all(reinterpret_cast<const T*>(numbers.bytes.data()), numbers.bytes.size() / sizeof(T));
  to = std::min(to, all.size());
  return all.subspan(std::min(from, to), to - std::min(from, to));
}

/** Bytes of the elements `from` to `to - 1` of each column, as far as there are as many. */
std::vector<std::span<const std::byte>> values_of(const Napi::CallbackInfo& info, const ValueLayout& layout,
                                                  std::size_t from, std::size_t to) {
  std::vector<std::span<const std::byte>> values;
  if (layout.types().empty()) return values;
  if (!info[4].IsArray()) throw Napi::TypeError::New(info.Env(), "Expected values of each spike.");
  for (const Numbers& column : columns_of(info.Env(), info[4].As<Napi::Array>())) {
    const std::size_t number = values.size();
    if (number == layout.types().size() || column.type != layout.types()[number]) {
      throw Napi::TypeError::New(info.Env(), "Expected values of the types of the spool.");
    }
    const std::size_t size = size_of(column.type);
    values.push_back(part_of<std::byte>(column, from * size, to * size));
  }
  return values;
}

}  // namespace

Napi::Function SpoolObject::define(Napi::Env env) {
  return DefineClass(
      env, "SpikeSpool",
      {InstanceMethod("append", &SpoolObject::append), InstanceMethod("problem", &SpoolObject::problem),
       InstanceMethod("flush", &SpoolObject::flush), InstanceMethod("seal", &SpoolObject::seal),
       InstanceMethod("close", &SpoolObject::close), InstanceAccessor("isFull", &SpoolObject::is_full, nullptr),
       InstanceAccessor("spikeCount", &SpoolObject::spike_count, nullptr)});
}

SpoolObject::SpoolObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<SpoolObject>(info), spool_(std::make_shared<Spool>(settings_from(info))) {}

SpoolObject::~SpoolObject() {
  // Freeing its file and memory takes a while.
  if (spool_) workers().post([spool = std::move(spool_)] {});
}

const std::shared_ptr<Spool>& SpoolObject::open(const Napi::CallbackInfo& info) const {
  if (!is_open_) throw Napi::Error::New(info.Env(), "Expected a spool that is open.");
  return spool_;
}

Napi::Value SpoolObject::append(const Napi::CallbackInfo& info) {
  Spool& spool = *open(info);
  const std::size_t from = count_from(info[2]);
  const std::size_t to = count_from(info[3]);
  const auto times = numbers_of(info[1]);
  if (!times || times->type != ElementType::f64) throw Napi::TypeError::New(info.Env(), "Expected times as float64.");
  const auto new_times = part_of<double>(*times, from, to);
  const auto values = values_of(info, spool.settings().values, from, to);
  std::size_t taken = 0;
  if (info[0].IsNumber()) {
    taken = spool.append(info[0].As<Napi::Number>().DoubleValue(), new_times, values);
  } else {
    const auto units = numbers_of(info[0]);
    if (!units) throw Napi::TypeError::New(info.Env(), "Expected a unit, or an array of units.");
    taken = with_type(units->type, [&]<typename Unit>(Unit /*zero*/) {
      return spool.append(part_of<Unit>(*units, from, to), new_times, values);
    });
  }
  return Napi::Number::New(info.Env(), static_cast<double>(taken));
}

Napi::Value SpoolObject::problem(const Napi::CallbackInfo& info) {
  const auto& found = open(info)->problem();
  if (!found) return info.Env().Undefined();
  auto problem = Napi::Object::New(info.Env());
  problem["kind"] = name_of(found->kind);
  problem["unit"] = found->unit;
  problem["value"] = found->time;
  return problem;
}

Napi::Value SpoolObject::is_full(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), open(info)->is_full());
}

Napi::Value SpoolObject::spike_count(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(open(info)->spike_count()));
}

Napi::Value SpoolObject::flush(const Napi::CallbackInfo& info) {
  const std::shared_ptr<Spool> spool = open(info);
  spool->hand_over();
  const auto write = [spool](Job& /*job*/, unsigned /*participant*/) { return spool->write_some(); };
  const auto job = std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = write}});
  return Environment::of(info.Env()).start(job, info.This(), Environment::no_result, {});
}

Napi::Value SpoolObject::seal(const Napi::CallbackInfo& info) {
  const std::shared_ptr<Spool> spool = open(info);
  const auto into = info[0].As<Napi::Object>();
  if (!into.CheckTypeTag(&Environment::spike_trains_tag)) {
    throw Napi::TypeError::New(info.Env(), "Expected spike trains.");
  }
  std::optional<std::size_t> unit_count;
  if (!info[2].IsUndefined()) unit_count = count_from(info[2]);
  const unsigned participants = std::clamp(workers().size(), 1U, most_mergers);
  // The memory of the run that was filled, the one that was written and the scratch is free by then.
  const bool has_values = spool->settings().values.record_size() > 0;
  const std::size_t least = has_values ? least_with_values : least_merged;
  const std::size_t range_spikes = std::clamp(spool->settings().run_spikes / participants, least, most_merged);
  is_open_ = false;
  spool->hand_over();
  const std::uint64_t spikes = spool->spike_count();
  const auto merge = std::make_shared<SpoolMerge>(spool, window_from(info[1]), unit_count, range_spikes, participants);
  const auto report = std::make_shared<std::optional<SealReport>>();
  const auto begin = [merge](Job& /*job*/, unsigned /*participant*/) { return merge->begin(); };
  const auto place = [merge](Job& job, unsigned participant) {
    const bool more = merge->merge_some(job, participant);
    job.advance(merge->take_settled());
    return more;
  };
  const auto finish = [merge, report](Job& /*job*/, unsigned /*participant*/) {
    *report = merge->finish();
    return false;
  };
  const auto clean_up = [merge, report](Job& /*job*/, unsigned /*participant*/) {
    // Now, and not when the job is destroyed, after its promise is settled.
    if (!*report) merge->discard();
    return false;
  };
  const auto job = std::make_shared<Job>(std::vector<Stage>{
      {.threads = workers(), .work = begin},
      {.threads = workers(), .work = place, .participants = participants},
      {.threads = workers(), .work = finish},
      {.threads = workers(), .work = clean_up, .always = true},
  });
  job->expect_bytes(spikes);
  const auto slot = SpikeTrainsObject::Unwrap(into)->slot();
  const auto outcome = [merge, report, slot]() -> Environment::Result {
    return [report, trains = merge->trains(), slot](Napi::Env env) -> Napi::Value {
      *slot = trains;
      return to_js(env, **report);
    };
  };
  const Napi::Function on_progress = function_in(info[3]);
  return Environment::of(info.Env()).start(job, into, outcome, on_progress);
}

Napi::Value SpoolObject::close(const Napi::CallbackInfo& info) {
  is_open_ = false;
  const auto close = [spool = spool_](Job& /*job*/, unsigned /*participant*/) {
    spool->close();
    return false;
  };
  const auto job = std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = close}});
  return Environment::of(info.Env()).start(job, info.This(), Environment::no_result, {});
}

}  // namespace spikeport::binding
