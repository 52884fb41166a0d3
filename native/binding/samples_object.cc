#include "binding/samples_object.h"

#include <string>
#include <utility>
#include <vector>

#include "binding/environment.h"
#include "binding/fields.h"
#include "binding/values.h"
#include "engine/thread_pool.h"
#include "reading/flat_samples.h"

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

/** SAMPLES of lib/engine/plan/samples.ts. */
SamplesRequest read_samples_request(Fields& request) {
  constexpr Word<kernels::StoredElements> types[] = {{"|b1", {ElementType::u8}},
                                                     {"|i1", {ElementType::i8}},
                                                     {"|u1", {ElementType::u8}},
                                                     {"<i2", {ElementType::i16}},
                                                     {">i2", {ElementType::i16, true}},
                                                     {"<u2", {ElementType::u16}},
                                                     {">u2", {ElementType::u16, true}},
                                                     {"<i4", {ElementType::i32}},
                                                     {">i4", {ElementType::i32, true}},
                                                     {"<u4", {ElementType::u32}},
                                                     {">u4", {ElementType::u32, true}},
                                                     {"<i8", {ElementType::i64}},
                                                     {">i8", {ElementType::i64, true}},
                                                     {"<u8", {ElementType::u64}},
                                                     {">u8", {ElementType::u64, true}},
                                                     {"<f2", {ElementType::f32, false, true}},
                                                     {">f2", {ElementType::f32, true, true}},
                                                     {"<f4", {ElementType::f32}},
                                                     {">f4", {ElementType::f32, true}},
                                                     {"<f8", {ElementType::f64}},
                                                     {">f8", {ElementType::f64, true}}};
  constexpr Word<bool> orders[] = {{"time", false}, {"channel", true}};
  SamplesRequest read{
      .path = request.name("path"), .name = request.name("name"), .size = request.count("size"), .layout = {}};
  read.layout = {.offset = request.count("offset"),
                 .stored = request.word("dtype", types),
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

SamplesObject* SamplesObject::of(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&samples_tag)) return nullptr;
  return Unwrap(value.As<Napi::Object>());
}

std::shared_ptr<const SampleFile> SamplesObject::samples_of(const Napi::Value& value) {
  const SamplesObject* const object = of(value);
  return object != nullptr ? object->samples_ : nullptr;
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
