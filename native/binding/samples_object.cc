#include "binding/samples_object.h"

#include <string>
#include <utility>
#include <vector>

#include "binding/environment.h"
#include "binding/fields.h"
#include "binding/reading.h"
#include "binding/values.h"
#include "engine/thread_pool.h"
#include "sources/flat_samples.h"

namespace spikeport::binding {
namespace {

constexpr napi_type_tag samples_tag{0x2fd06c9b17a84e53ULL, 0x8b5e41f0d3c7926aULL};

/** A file of samples that is to be opened. */
struct SamplesRequest {
  std::string path;
  std::string name;
  std::uint64_t size = 0;
  FlatLayout layout;
};

/** SAMPLES of lib/engine/native-samples.ts. */
SamplesRequest read_samples_request(Fields& request) {
  constexpr Word<bool> orders[] = {{"time", false}, {"channel", true}};
  SamplesRequest read{
      .path = request.name("path"), .name = request.name("name"), .size = request.count("size"), .layout = {}};
  const auto stored = stored_elements(request.text("dtype"));
  if (!stored) request.refuse("dtype", "a numpy type string of a number");
  read.layout = {.offset = request.count("offset"),
                 .stored = *stored,
                 .channels = static_cast<std::uint64_t>(request.whole("channels", 1, max_count)),
                 .samples = request.count("samples"),
                 .by_channel = request.word("order", orders),
                 .stride = request.count("stride")};
  const std::uint64_t least = read.layout.by_channel ? read.layout.samples : read.layout.channels;
  if (read.layout.stride < least) request.refuse("stride", "at least " + std::to_string(least));
  return read;
}

}  // namespace

Napi::Function SamplesObject::define(Napi::Env env) {
  return DefineClass(env, "Samples", {InstanceMethod("open", &SamplesObject::open)});
}

SamplesObject::SamplesObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SamplesObject>(info) {
  info.This().As<Napi::Object>().TypeTag(&samples_tag);
}

std::shared_ptr<const SampleFile> SamplesObject::samples_of(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&samples_tag)) return nullptr;
  return Unwrap(value.As<Napi::Object>())->samples_;
}

Napi::Value SamplesObject::open(const Napi::CallbackInfo& info) {
  const Values values(info, 0);
  const auto opened = std::make_shared<std::shared_ptr<const SampleFile>>();
  const auto open = [opened, request = read_root(info.Env(), values[0], "request", read_samples_request)](
                        Job& /*job*/, unsigned /*participant*/) {
    *opened = open_flat_samples(request.path, request.name, request.size, request.layout);
    return false;
  };
  const auto job = std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = open}});
  // This object is kept alive until the job has ended.
  const auto outcome = [opened, this]() -> Environment::Result {
    return [samples = *opened, this](Napi::Env env) {
      samples_ = samples;
      return env.Undefined();
    };
  };
  return Environment::of(info.Env()).start(job, info.This(), outcome, {});
}

}  // namespace spikeport::binding
