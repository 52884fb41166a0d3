#include "binding/reading.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "binding/arrays.h"
#include "binding/environment.h"
#include "engine/errors.h"
#include "engine/export_job.h"
#include "engine/thread_pool.h"
#include "platform/memory.h"

namespace spikeport::binding {
namespace {

/** More bytes are copied on another thread. */
constexpr std::size_t few_bytes = std::size_t{1} << 18U;

constexpr napi_type_tag bytes_tag{0x1f0c84a7d2be4e61ULL, 0xb7a95d3086fe41c2ULL};

kernels::Scaling read_scaling(Fields& scaling) {
  static constexpr Word<kernels::Scaling::Kind> kinds[] = {{"times", kernels::Scaling::Kind::times},
                                                           {"samplesToMs", kernels::Scaling::Kind::samples_to_ms}};
  return {.kind = scaling.word("kind", kinds), .factor = scaling.number("factor")};
}

Room room_for(const Numbers& numbers, const kernels::Scaling& scaling) {
  // The array is the caller's, who made it to be filled.
  auto* out = const_cast<std::byte*>(numbers.bytes.data());
  return {.to = {.type = numbers.type, .scaling = scaling, .out = out}, .count = numbers.count()};
}

FilePart read_part(Fields& part, std::uint32_t number) {
  const auto stored = stored_elements(part.text("dtype"));
  if (!stored) part.refuse("dtype", "a numpy type string of a number");
  const std::uint64_t offset = part.count("offset");
  const Room room = read_room(part);
  if (!kernels::can_decode(*stored, room.to.type, room.to.scaling))
    part.refuse_type("into", "an array that the elements fit into");
  return {.offset = offset, .stored = *stored, .count = room.count, .to = room.to, .object = number};
}

struct FilePartsRequest {
  std::string path;
  std::string name;
  std::vector<FilePart> parts;
  std::vector<std::string> objects;
  /** What the size of the file must be. */
  std::uint64_t size = 0;
};

FilePartsRequest read_file_parts_request(Fields& request) {
  FilePartsRequest read{.path = request.name("path"),
                        .name = request.name("name"),
                        .parts = {},
                        .objects = {},
                        .size = request.count("size")};
  std::uint32_t number = 0;
  read.parts = request.list("parts", [&](Fields& part) { return read_part(part, number++); });
  read.objects = request.texts("objects");
  if (read.objects.size() != read.parts.size()) request.refuse("objects", "a name for each part");
  return read;
}

/** A plain file that is being read. */
struct FileReading {
  std::optional<platform::InputFile> file;
  platform::InputFile::State opened;
  std::optional<FileParts> parts;
};

}  // namespace

std::optional<kernels::StoredElements> stored_elements(const std::string& dtype) {
  if (dtype.size() != 3) return std::nullopt;
  const bool is_big_endian = dtype[0] == '>';
  if (!is_big_endian && dtype[0] != '<' && dtype[0] != '|') return std::nullopt;
  static constexpr std::pair<const char*, ElementType> types[] = {
      {"i1", ElementType::i8},  {"u1", ElementType::u8},  {"b1", ElementType::u8},  {"i2", ElementType::i16},
      {"u2", ElementType::u16}, {"i4", ElementType::i32}, {"u4", ElementType::u32}, {"i8", ElementType::i64},
      {"u8", ElementType::u64}, {"f4", ElementType::f32}, {"f8", ElementType::f64}, {"f2", ElementType::f32}};
  for (const auto& [name, type] : types) {
    if (dtype.substr(1) == name) return kernels::StoredElements{type, is_big_endian, dtype.substr(1) == "f2"};
  }
  return std::nullopt;
}

kernels::Scaling read_scaling_of(Fields& request) {
  return request.has("scaling") ? request.object("scaling", read_scaling) : kernels::Scaling();
}

Room read_room(Fields& request) {
  const Numbers into = request.numbers("into");
  return room_for(into, read_scaling_of(request));
}

kernels::Scaling scaling_of(Napi::Env env, Value scaling) {
  if (scaling.kind() == ValueKind::undefined) return {};
  return read_root(env, scaling, "scaling", read_scaling);
}

Room room_of(const Napi::Value& array, Value scaling) {
  const auto numbers = numbers_of(array);
  if (!numbers || numbers->type != ElementType::f64)
    throw Napi::TypeError::New(array.Env(), "Expected a Float64Array.");
  return room_for(*numbers, scaling_of(array.Env(), scaling));
}

unsigned threads_of(const Napi::Value& threads) {
  const unsigned given = threads.As<Napi::Number>().Uint32Value();
  return given == 0 ? workers().size() : std::min(given, workers().size());
}

Napi::Value to_js(Napi::Env env, const Bytes& bytes) {
  if (bytes->size() <= few_bytes) {
    auto array = Napi::Uint8Array::New(env, bytes->size());
    std::memcpy(array.Data(), bytes->data(), bytes->size());
    return array;
  }
  const auto release = [](Napi::Env /*env*/, Bytes* held) { delete held; };
  auto owner = std::make_unique<Bytes>(bytes);
  const auto held = Napi::External<Bytes>::New(env, owner.get(), release);
  // Only now does the object own it.
  static_cast<void>(owner.release());
  held.TypeTag(&bytes_tag);  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): JavaScript owns it.
  auto result = Napi::Object::New(env);
  result["byteLength"] = static_cast<double>(bytes->size());
  result["held"] = held;
  return result;
}

Napi::Value take_bytes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto room = numbers_of(info[1]);
  if (!info[0].IsExternal() || !info[0].As<Napi::External<Bytes>>().CheckTypeTag(&bytes_tag) || !room) {
    throw Napi::TypeError::New(env, "Expected bytes that are held, and a Uint8Array.");
  }
  // Only this job has them then, and frees them on its thread.
  const auto held = std::make_shared<Bytes>(std::exchange(*info[0].As<Napi::External<Bytes>>().Data(), nullptr));
  if (!*held || (*held)->size() != room->bytes.size())
    throw Napi::RangeError::New(env, "Expected room for all bytes, once.");
  const auto copy = [held, out = const_cast<std::byte*>(room->bytes.data())](Job& /*job*/, unsigned /*participant*/) {
    std::memcpy(out, (*held)->data(), (*held)->size());
    held->reset();
    return false;
  };
  const auto job = std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = copy}});
  const auto outcome = []() -> Environment::Result { return [](Napi::Env result) { return result.Undefined(); }; };
  return Environment::of(env).start(job, info[1], outcome, {});
}

Napi::Value read_file_parts(const Napi::CallbackInfo& info) {
  const Values values(info, 3);
  FilePartsRequest request = read_root(info.Env(), values[0], "request", read_file_parts_request);
  const unsigned most = threads_of(info[1]);
  std::uint64_t bytes = 0;
  for (const FilePart& part : request.parts) {
    bytes += part.count * size_of(part.to.type);
    platform::expect_filling({part.to.out, part.count * size_of(part.to.type)});
  }
  const auto reading = std::make_shared<FileReading>();
  const auto open = [reading, given = std::make_shared<FilePartsRequest>(std::move(request))](
                        Job& /*job*/, unsigned /*participant*/) {
    reading->file.emplace(given->path, given->name);
    reading->opened = reading->file->state();
    if (reading->opened.size != given->size) throw FormatError(given->name, "", "it was changed while it was read");
    reading->parts.emplace(*reading->file, reading->opened, std::move(given->parts), std::move(given->objects));
    return false;
  };
  const auto read = [reading](Job& job, unsigned /*participant*/) { return reading->parts->read_some(job); };
  const auto check = [reading](Job& /*job*/, unsigned /*participant*/) {
    require_unchanged(*reading->file, reading->opened);
    return false;
  };
  const auto job = std::make_shared<Job>(std::vector<Stage>{
      {.threads = workers(), .work = open},
      {.threads = workers(), .work = read, .participants = useful_threads(bytes, {.threads = most})},
      {.threads = workers(), .work = check},
  });
  job->expect_bytes(bytes);
  const auto outcome = []() -> Environment::Result { return [](Napi::Env env) { return env.Undefined(); }; };
  const Napi::Function on_progress = function_in(info[2]);
  return Environment::of(info.Env()).start(job, info[0], outcome, on_progress);
}

}  // namespace spikeport::binding
