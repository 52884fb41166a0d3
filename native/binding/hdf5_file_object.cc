#include "binding/hdf5_file_object.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "binding/arrays.h"
#include "binding/environment.h"
#include "binding/fields.h"
#include "binding/handles.h"
#include "binding/hdf5_description.h"
#include "binding/reading.h"
#include "binding/samples_object.h"
#include "binding/trains_in_place.h"
#include "engine/thread_pool.h"
#include "hdf5/reading/description.h"
#include "hdf5/reading/packed.h"
#include "hdf5/reading/raster_reader.h"
#include "hdf5/reading/read_job.h"
#include "hdf5/reading/sample_opening.h"
#include "hdf5/reading/stored_trains.h"
#include "hdf5/reading/stored_units.h"
#include "hdf5/reading/texts.h"

namespace spikeport::binding {
namespace {

using hdf5::OpenFile;

constexpr napi_type_tag units_tag{0x6d1b2fa0c97e4b35ULL, 0x8e40c7d15ab2f963ULL};
constexpr napi_type_tag attributes_tag{0x3b7e51c2d8f0469aULL, 0xb16fd0387c95e24bULL};
constexpr napi_type_tag raster_tag{0x94c3e07b5f1a4d28ULL, 0xa2d86b9134ef70c5ULL};

/** The JS thread takes about a millisecond for what is described up to this. */
constexpr std::size_t most_weight = 1000;

/** How long a file that is closed waits for other jobs to let it go: after that the last one closes it. */
constexpr int most_tries = 1000;
constexpr std::chrono::microseconds between_tries{20};

/** A job of steps on the HDF5 thread, with what cleans up after them. */
std::shared_ptr<Job> hdf5_job(std::function<bool()> step, std::function<void()> clean_up = {}) {
  std::vector<Stage> stages{
      {.threads = hdf5_thread(),
       .work = [step = std::move(step)](Job& /*job*/, unsigned /*participant*/) { return step(); }}};
  if (clean_up) {
    stages.push_back({.threads = hdf5_thread(),
                      .work =
                          [clean_up = std::move(clean_up)](Job& /*job*/, unsigned /*participant*/) {
                            clean_up();
                            return false;
                          },
                      .always = true});
  }
  return std::make_shared<Job>(std::move(stages));
}

hdf5::ReadRequest read_request(Fields& request) {
  hdf5::ReadRequest read{.path = request.name("path"),
                         .is_list = request.has("isList") && request.flag("isList"),
                         .first_row = request.count("firstRow"),
                         .count = 0,
                         .to = {}};
  const Room room = read_room(request);
  read.count = room.count;
  read.to = room.to;
  return read;
}

/** Notes where the times of an array fall. */
std::shared_ptr<OrderLog> order_of(Destination& to, std::uint64_t count) {
  auto order = std::make_shared<OrderLog>(to.times(0, count));
  to.order = order.get();
  return order;
}

hdf5::ReadPlan read_plan(Fields& fields) {
  hdf5::ReadPlan plan;
  plan.requests = fields.list("requests", [&plan](Fields& request) {
    hdf5::ReadRequest read = read_request(request);
    if (request.has("falls") && request.flag("falls")) {
      if (plan.order || read.to.type != ElementType::f64) request.refuse("falls", "one request of float64");
      plan.order = order_of(read.to, read.count);
    }
    return read;
  });
  return plan;
}

/** Where times fall, as a job has noted; undefined where it has not. */
Environment::Outcome falls_of(const hdf5::ReadPlan& plan) {
  return [order = plan.order]() -> Environment::Result {
    return [order](Napi::Env env) -> Napi::Value {
      if (!order || !order->falls()) return env.Undefined();
      const std::vector<double>& falls = *order->falls();
      auto array = Napi::Float64Array::New(env, falls.size());
      std::ranges::copy(falls, array.Data());
      return array;
    };
  };
}

/** What this file has handed out. */
template <typename T>
std::shared_ptr<T> own(const Napi::Value& value, const napi_type_tag& tag) {
  auto object = handed_back<T>(value, tag);
  if (!object) throw Napi::TypeError::New(value.Env(), "Expected what this file returned.");
  return object;
}

/** End counts for JavaScript, which shares them. */
Napi::Value ends_to_js(Napi::Env env, const std::vector<std::int64_t>& ends) {
  const std::shared_ptr<std::int64_t[]> copy(new std::int64_t[ends.size()]);
  std::ranges::copy(ends, copy.get());
  return shared_int64_array(env, copy, ends.size());
}

}  // namespace

Napi::Function Hdf5FileObject::define(Napi::Env env) {
  return DefineClass(
      env, "Hdf5File",
      {InstanceMethod("open", &Hdf5FileObject::open), InstanceMethod("describe", &Hdf5FileObject::describe),
       InstanceMethod("moreAttributes", &Hdf5FileObject::more_attributes),
       InstanceMethod("children", &Hdf5FileObject::children), InstanceMethod("texts", &Hdf5FileObject::texts),
       InstanceMethod("read", &Hdf5FileObject::read), InstanceMethod("spikeTrains", &Hdf5FileObject::spike_trains),
       InstanceMethod("unitDatasets", &Hdf5FileObject::unit_datasets),
       InstanceMethod("readUnitDatasets", &Hdf5FileObject::read_unit_datasets),
       InstanceMethod("raster", &Hdf5FileObject::raster), InstanceMethod("readRaster", &Hdf5FileObject::read_raster),
       InstanceMethod("nextOfRaster", &Hdf5FileObject::next_of_raster),
       InstanceMethod("openSamples", &Hdf5FileObject::open_samples), InstanceMethod("close", &Hdf5FileObject::close)});
}

Hdf5FileObject::Hdf5FileObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<Hdf5FileObject>(info), path_(info[0].As<Napi::String>()), name_(info[1].As<Napi::String>()) {}

const std::shared_ptr<OpenFile>& Hdf5FileObject::file(Napi::Env env) const {
  if (!file_) throw Napi::Error::New(env, "The file is not open.");
  return file_;
}

Napi::Value Hdf5FileObject::open(const Napi::CallbackInfo& info) {
  struct Opening {
    std::shared_ptr<OpenFile> file;
    bool is_done = false;
  };
  const auto opening = std::make_shared<Opening>();
  const auto step = [opening, path = path_, name = name_] {
    if (!opening->file) opening->file = hdf5::open_file(path, name);
    const bool more = opening->file->open_some();
    opening->is_done = !more;
    return more;
  };
  const auto job = hdf5_job(step, [opening] {
    if (!opening->is_done) opening->file.reset();
  });
  // This object is kept alive until the job has ended.
  const auto outcome = [opening, this]() -> Environment::Result {
    return [opening, this](Napi::Env env) {
      file_ = std::move(opening->file);
      return Napi::Number::New(env, static_cast<double>(file_->opened().size));
    };
  };
  return Environment::of(info.Env()).start(job, info.This(), outcome, {});
}

Napi::Value Hdf5FileObject::describe(const Napi::CallbackInfo& info) {
  const auto given = info[0].As<Napi::Array>();
  std::vector<std::string> paths;
  for (std::uint32_t i = 0; i < given.Length(); i++) paths.push_back(given.Get(i).As<Napi::String>());
  const auto found = std::make_shared<std::vector<hdf5::Description>>();
  const auto job =
      hdf5_job([found, weight = std::size_t{0}, paths = std::move(paths), opened = file(info.Env())]() mutable {
        if (found->size() < paths.size()) {
          if (opened->prepare(paths[found->size()])) return true;
          found->push_back(hdf5::describe(*opened, paths[found->size()]));
          weight += found->back().weight();
        }
        return found->size() < paths.size() && weight < most_weight;
      });
  const auto outcome = [found]() -> Environment::Result {
    return [found](Napi::Env env) {
      auto array = Napi::Array::New(env, found->size());
      for (std::uint32_t i = 0; i < found->size(); i++) {
        const hdf5::Description& description = (*found)[i];
        const Napi::Value object = to_js(env, description);
        if (description.more) object.As<Napi::Object>()["more"] = handed_out(env, description.more, attributes_tag);
        array[i] = object;
      }
      return array;
    };
  };
  return Environment::of(info.Env()).start(job, info.This(), outcome, {});
}

Napi::Value Hdf5FileObject::more_attributes(const Napi::CallbackInfo& info) {
  const auto reader = own<hdf5::AttributeReader>(info[0], attributes_tag);
  const auto some = std::make_shared<std::vector<hdf5::AttributeValue>>();
  const auto job = hdf5_job([reader, some, opened = file(info.Env())] {
    *some = reader->read_some(*opened);
    return false;
  });
  const auto outcome = [reader, some]() -> Environment::Result {
    return [reader, some](Napi::Env env) {
      auto result = Napi::Object::New(env);
      result["attributes"] = to_js(env, *some);
      if (!reader->is_done()) result["more"] = handed_out(env, reader, attributes_tag);
      return result;
    };
  };
  return Environment::of(info.Env()).start(job, info.This(), outcome, {});
}

Napi::Value Hdf5FileObject::children(const Napi::CallbackInfo& info) {
  const auto reader = std::make_shared<hdf5::ChildReader>(info[0].As<Napi::String>());
  const auto job = hdf5_job([reader, opened = file(info.Env())] { return reader->read_some(*opened); });
  const auto outcome = [reader]() -> Environment::Result {
    return [bytes = std::make_shared<std::vector<std::byte>>(reader->packed().take())](Napi::Env env) {
      return to_js(env, bytes);
    };
  };
  return Environment::of(info.Env()).start(job, info.This(), outcome, {});
}

Napi::Value Hdf5FileObject::texts(const Napi::CallbackInfo& info) {
  struct Texts {
    std::optional<hdf5::TextReader> reader;
    std::vector<std::string> some;
    hdf5::Packed packed;
    Bytes bytes;
  };
  const auto texts = std::make_shared<Texts>();
  const auto step = [texts, path = info[0].As<Napi::String>().Utf8Value(), opened = file(info.Env())] {
    if (!texts->reader) {
      if (opened->prepare(path)) return true;
      texts->reader.emplace(*opened, path);
    }
    texts->some.clear();
    const bool more = texts->reader->read_some(texts->some);
    for (const std::string& text : texts->some) texts->packed.put_text(text);
    if (!more) texts->bytes = std::make_shared<std::vector<std::byte>>(texts->packed.take());
    return more;
  };
  const auto job = hdf5_job(step, [texts] { texts->reader.reset(); });
  const auto outcome = [texts]() -> Environment::Result {
    return [bytes = texts->bytes](Napi::Env env) { return to_js(env, bytes); };
  };
  return Environment::of(info.Env()).start(job, info.This(), outcome, {});
}

Napi::Value Hdf5FileObject::read(const Napi::CallbackInfo& info) {
  const Values values(info, 3);
  hdf5::ReadPlan plan = read_root(info.Env(), values[0], "plan", read_plan);
  const auto outcome = falls_of(plan);
  const auto job = hdf5::read_job(file(info.Env()), std::move(plan), threads_of(info[1]));
  return Environment::of(info.Env())
      .start(job, kept(info.Env(), {info.This(), info[0]}), outcome, function_in(info[2]));
}

Napi::Value Hdf5FileObject::spike_trains(const Napi::CallbackInfo& info) {
  const Values values(info, 6);
  hdf5::TrainsRequest request{.path = info[0].As<Napi::String>(),
                              .units = handed_back<hdf5::StoredUnits>(info[1], units_tag),
                              .ends = {},
                              .scaling = scaling_of(info.Env(), values[0]),
                              .values = {}};
  request.ends = request.units ? std::span(request.units->ends()) : elements_of<std::int64_t>(info[1]);
  const auto paths = info[3].As<Napi::Array>();
  for (std::uint32_t i = 0; i < paths.Length(); i++) request.values.push_back(paths.Get(i).As<Napi::String>());
  const auto trains = hdf5::stored_trains(file(info.Env()), std::move(request));
  return start_finding(trains, info[2], kept(info.Env(), {info.This(), info[1], info[2]}), threads_of(info[4]),
                       info[5]);
}

Napi::Value Hdf5FileObject::unit_datasets(const Napi::CallbackInfo& info) {
  const auto units = std::make_shared<hdf5::StoredUnits>(info[0].As<Napi::String>());
  const auto job = hdf5_job([units, opened = file(info.Env())] { return units->look_at_some(*opened); });
  const auto outcome = [units]() -> Environment::Result {
    return [units](Napi::Env env) {
      auto result = Napi::Object::New(env);
      result["ends"] = ends_to_js(env, units->ends());
      result["count"] = static_cast<double>(units->count());
      result["compressed"] = static_cast<double>(units->compressed());
      result["lieTogether"] = units->lie_together();
      result["units"] = handed_out(env, units, units_tag);
      return result;
    };
  };
  return Environment::of(info.Env()).start(job, info.This(), outcome, {});
}

Napi::Value Hdf5FileObject::read_unit_datasets(const Napi::CallbackInfo& info) {
  const auto units = own<hdf5::StoredUnits>(info[0], units_tag);
  const Values values(info, 6);
  Room room = room_of(info[2], values[0]);
  if (units->is_taken()) throw Napi::Error::New(info.Env(), "Expected units that have not been read.");
  hdf5::ReadPlan plan;
  if (info[1].IsUndefined()) {
    if (room.count != units->count()) throw Napi::RangeError::New(info.Env(), "Expected room for all spikes.");
    const auto order = order_of(room.to, room.count);
    plan = units->take_plan(room.to);
    plan.order = order;
  } else {
    const auto first = static_cast<std::uint64_t>(info[1].As<Napi::Number>().Int64Value());
    if (first > units->count() || room.count > units->count() - first) {
      throw Napi::RangeError::New(info.Env(), "Expected room for spikes that are there.");
    }
    plan = units->plan(first, room.count, room.to);
  }
  const auto outcome = falls_of(plan);
  const auto job = hdf5::read_job(file(info.Env()), std::move(plan), threads_of(info[4]));
  return Environment::of(info.Env())
      .start(job, kept(info.Env(), {info.This(), info[2]}), outcome, function_in(info[5]));
}

Napi::Value Hdf5FileObject::raster(const Napi::CallbackInfo& info) {
  const auto reader = std::make_shared<hdf5::RasterReader>(info[0].As<Napi::String>());
  const auto outcome = [reader]() -> Environment::Result {
    return [reader](Napi::Env env) {
      auto result = Napi::Object::New(env);
      result["ends"] = ends_to_js(env, reader->ends());
      result["count"] = reader->ends().empty() ? 0.0 : static_cast<double>(reader->ends().back());
      result["bins"] = static_cast<double>(reader->bins());
      result["raster"] = handed_out(env, reader, raster_tag);
      return result;
    };
  };
  return Environment::of(info.Env())
      .start(reader->count_job(file(info.Env()), threads_of(info[1])), info.This(), outcome, {});
}

Napi::Value Hdf5FileObject::read_raster(const Napi::CallbackInfo& info) {
  const auto reader = own<hdf5::RasterReader>(info[0], raster_tag);
  const Room room = room_of(info[1], binding::Value());
  const kernels::RasterBins bins{.start_ms = info[2].As<Napi::Number>().DoubleValue(),
                                 .width_ms = info[3].As<Napi::Number>().DoubleValue()};
  const auto job = reader->fill_job(file(info.Env()), bins, {reinterpret_cast<double*>(room.to.out), room.count},
                                    threads_of(info[4]));
  return Environment::of(info.Env())
      .start(job, kept(info.Env(), {info.This(), info[1]}), Environment::no_result, function_in(info[5]));
}

Napi::Value Hdf5FileObject::next_of_raster(const Napi::CallbackInfo& info) {
  const auto reader = own<hdf5::RasterReader>(info[0], raster_tag);
  const auto units = numbers_of(info[1]);
  const Room room = room_of(info[2], binding::Value());
  if (!units || units->type != ElementType::u32 || units->count() != room.count || room.count > reader->left()) {
    throw Napi::RangeError::New(info.Env(), "Expected room for units and times that are left.");
  }
  const kernels::RasterBins bins{.start_ms = info[3].As<Napi::Number>().DoubleValue(),
                                 .width_ms = info[4].As<Napi::Number>().DoubleValue()};
  auto* const units_out = reinterpret_cast<std::uint32_t*>(const_cast<std::byte*>(units->bytes.data()));
  const auto job = reader->next_job(file(info.Env()), bins, {reinterpret_cast<double*>(room.to.out), room.count},
                                    {units_out, room.count}, threads_of(info[5]));
  return Environment::of(info.Env())
      .start(job, kept(info.Env(), {info.This(), info[1], info[2]}), Environment::no_result, {});
}

Napi::Value Hdf5FileObject::open_samples(const Napi::CallbackInfo& info) {
  SamplesObject* const samples = SamplesObject::of(info[0]);
  if (samples == nullptr) throw Napi::TypeError::New(info.Env(), "Expected native samples.");
  const auto opening = std::make_shared<hdf5::SampleOpening>(info[1].As<Napi::String>().Utf8Value(),
                                                             info[2].As<Napi::Boolean>().Value());
  const auto job = hdf5_job([opening, opened = file(info.Env())] { return opening->open_some(*opened); },
                            [opening] { opening->close(); });
  // Both objects are kept alive until the job has ended.
  const auto outcome = [opening, samples]() -> Environment::Result {
    return [opened = opening->take(), samples](Napi::Env env) {
      samples->set_samples(opened);
      auto result = Napi::Object::New(env);
      result["dtype"] = dtype_of({.type = opened->type()});
      result["channels"] = static_cast<double>(opened->channels());
      result["samples"] = static_cast<double>(opened->samples());
      result["liesByChannel"] = opened->lies_by_channel();
      return result;
    };
  };
  return Environment::of(info.Env()).start(job, kept(info.Env(), {info.This(), info[0]}), outcome, {});
}

Napi::Value Hdf5FileObject::close(const Napi::CallbackInfo& info) {
  // Other jobs have ended; the threads that ended them may still hold the file for a moment.
  const auto step = [owner = std::exchange(file_, nullptr), tries = 0]() mutable {
    if (!owner) return false;
    if (owner.use_count() > 1 && tries++ < most_tries) {
      std::this_thread::sleep_for(between_tries);
      return true;
    }
    // Posts the closing, after which this job ends.
    owner.reset();
    return true;
  };
  return Environment::of(info.Env()).start(hdf5_job(step), info.This(), Environment::no_result, {});
}

}  // namespace spikeport::binding
