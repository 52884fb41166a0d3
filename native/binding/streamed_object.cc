#include "binding/streamed_object.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "binding/arrays.h"
#include "binding/environment.h"
#include "binding/fields.h"
#include "binding/samples_object.h"
#include "binding/values.h"
#include "engine/thread_pool.h"

namespace spikeport::binding {
namespace {

constexpr napi_type_tag begun_file_tag{0x4f1c8be2903d47a6ULL, 0x9d52e07fb83c61a4ULL};
constexpr napi_type_tag streamed_dataset_tag{0x71e6d30c5a9b4f28ULL, 0xc08b64f2d71e953aULL};

/** A job of one call on a worker. */
std::shared_ptr<Job> job_of(std::function<void()> call) {
  const auto work = [call = std::move(call)](Job& /*job*/, unsigned /*participant*/) {
    call();
    return false;
  };
  return std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = work}});
}

/** Reads STREAM of lib/engine/plan/hdf5-tree.ts. */
std::shared_ptr<hdf5::StreamedDataset> read_new_stream(Fields& stream) {
  constexpr Word<ElementType> types[] = {{"int8", ElementType::i8},     {"uint8", ElementType::u8},
                                         {"int16", ElementType::i16},   {"uint16", ElementType::u16},
                                         {"int32", ElementType::i32},   {"uint32", ElementType::u32},
                                         {"int64", ElementType::i64},   {"uint64", ElementType::u64},
                                         {"float32", ElementType::f32}, {"float64", ElementType::f64}};
  const ElementType type = stream.word("dtype", types);
  const auto channels = static_cast<std::uint64_t>(stream.whole("channels", 1, max_count));
  hdf5::Chunking chunking{};
  chunking.is_extendable = true;
  chunking.grows_last = stream.flag("growsLast");
  const auto chunk_samples = static_cast<std::uint64_t>(stream.whole("samplesPerChunk", 1, max_count));
  const auto chunk_channels = static_cast<std::uint64_t>(stream.whole("channelsPerChunk", 1, max_count));
  if (stream.has("deflateLevel")) chunking.deflate_level = static_cast<unsigned>(stream.whole("deflateLevel", 1, 9));
  chunking.shuffle = stream.has("shuffle") && stream.flag("shuffle");
  if (chunk_channels > channels) stream.refuse("channelsPerChunk", "no more channels than there are");
  if (chunk_samples > hdf5::most_chunk_bytes / size_of(type) / chunk_channels) {
    stream.refuse("samplesPerChunk", "chunks of less than 4 GiB");
  }
  chunking.chunk = {chunk_samples, chunk_channels};
  if (chunking.grows_last) std::ranges::reverse(chunking.chunk);
  return std::make_shared<hdf5::StreamedDataset>(type, channels, std::move(chunking));
}

}  // namespace

Napi::Function BegunFileObject::define(Napi::Env env) {
  return DefineClass(
      env, "BegunFile",
      {InstanceMethod("open", &BegunFileObject::open), InstanceMethod("discard", &BegunFileObject::discard)});
}

BegunFileObject::BegunFileObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<BegunFileObject>(info),
      file_(std::make_shared<hdf5::BegunFile>(info[0].As<Napi::String>().Utf8Value())) {
  info.This().As<Napi::Object>().TypeTag(&begun_file_tag);
  Environment::of(info.Env()).watch(file_);
}

BegunFileObject::~BegunFileObject() {
  workers().post([file = std::move(file_)] { file->discard(); });
}

std::shared_ptr<hdf5::BegunFile> BegunFileObject::file_of(const Napi::Value& object) {
  if (!object.IsObject() || !object.As<Napi::Object>().CheckTypeTag(&begun_file_tag)) return nullptr;
  return Unwrap(object.As<Napi::Object>())->file_;
}

Napi::Value BegunFileObject::open(const Napi::CallbackInfo& info) {
  return Environment::of(info.Env())
      .start(job_of([file = file_] { file->open(); }), info.This(), Environment::no_result, {});
}

Napi::Value BegunFileObject::discard(const Napi::CallbackInfo& info) {
  return Environment::of(info.Env())
      .start(job_of([file = file_] { file->discard(); }), info.This(), Environment::no_result, {});
}

Napi::Function StreamedDatasetObject::define(Napi::Env env) {
  return DefineClass(
      env, "StreamedDataset",
      {InstanceMethod("append", &StreamedDatasetObject::append), InstanceMethod("take", &StreamedDatasetObject::take),
       InstanceAccessor("isFull", &StreamedDatasetObject::is_full, nullptr),
       InstanceMethod("flush", &StreamedDatasetObject::flush), InstanceMethod("free", &StreamedDatasetObject::free)});
}

StreamedDatasetObject::StreamedDatasetObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<StreamedDatasetObject>(info) {
  info.This().As<Napi::Object>().TypeTag(&streamed_dataset_tag);
  const Values values(info, 0);
  dataset_ = read_root(info.Env(), values[0], "stream", read_new_stream);
}

std::shared_ptr<const hdf5::StreamedDataset> StreamedDatasetObject::dataset_of(const Napi::Value& object) {
  if (!object.IsObject() || !object.As<Napi::Object>().CheckTypeTag(&streamed_dataset_tag)) return nullptr;
  return Unwrap(object.As<Napi::Object>())->dataset_;
}

Napi::Value StreamedDatasetObject::append(const Napi::CallbackInfo& info) {
  const auto numbers = numbers_of(info[0]);
  const auto from = static_cast<std::uint64_t>(info[1].As<Napi::Number>().Int64Value());
  // A length from JavaScript is never trusted for an access to memory.
  if (!numbers || from > numbers->bytes.size())
    throw Napi::TypeError::New(info.Env(), "Expected bytes of a typed array.");
  const std::size_t taken = dataset_->append(numbers->bytes.subspan(static_cast<std::size_t>(from)));
  return Napi::Number::New(info.Env(), static_cast<double>(taken));
}

Napi::Value StreamedDatasetObject::take(const Napi::CallbackInfo& info) {
  const auto samples = SamplesObject::samples_of(info[0]);
  if (!samples || samples->type() != dataset_->type() || samples->channels() != dataset_->channels()) {
    throw Napi::TypeError::New(info.Env(), "Expected samples of the dataset's type and channels.");
  }
  const std::int64_t first = info[1].As<Napi::Number>().Int64Value();
  if (first < 0 || static_cast<std::uint64_t>(first) >= samples->samples()) {
    throw Napi::RangeError::New(info.Env(), "Expected a sample that is there.");
  }
  return Napi::Number::New(info.Env(), static_cast<double>(dataset_->take(samples, static_cast<std::uint64_t>(first))));
}

Napi::Value StreamedDatasetObject::is_full(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), dataset_->is_full());
}

void StreamedDatasetObject::free(const Napi::CallbackInfo& /*info*/) { dataset_->free_tiles(); }

Napi::Value StreamedDatasetObject::flush(const Napi::CallbackInfo& info) {
  const auto file = BegunFileObject::file_of(info[0]);
  if (!file) throw Napi::TypeError::New(info.Env(), "Expected a native begun file.");
  const std::uint32_t threads = info[1].As<Napi::Number>().Uint32Value();
  const auto job = dataset_->flush(file, threads == 0 ? workers().size() : std::min(threads, workers().size()));
  if (!job) throw Napi::RangeError::New(info.Env(), "Expected a tile with samples.");
  return Environment::of(info.Env()).start(job, kept(info.Env(), {info.This(), info[0]}), Environment::no_result, {});
}

}  // namespace spikeport::binding
