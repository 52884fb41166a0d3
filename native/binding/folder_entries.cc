#include "binding/folder_entries.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "binding/environment.h"
#include "job.h"
#include "storage/claim.h"
#include "thread_pool.h"

namespace spikeport::binding {
namespace {

/** After a name, which cannot hold it, and after a number. */
constexpr char16_t end = u'/';

/** A text for JavaScript to compare: names are bytes, each a character here. Partial files do not count. */
std::u16string text_of(const FolderEntries& entries) {
  std::u16string text;
  const auto add = [&text](const std::string& bytes) {
    for (const char byte : bytes) text += static_cast<unsigned char>(byte);
    text += end;
  };
  for (const auto& [name, number] : entries) {
    if (is_partial_name(name)) continue;
    add(name);
    add(std::to_string(number));
  }
  return text;
}

}  // namespace

Napi::Value folder_entries(const Napi::CallbackInfo& info) {
  const auto found = std::make_shared<std::optional<std::u16string>>();
  const auto look = [found, path = info[0].As<Napi::String>().Utf8Value()](Job& /*job*/, unsigned /*participant*/) {
    if (const auto entries = entries_at(path)) *found = text_of(*entries);
    return false;
  };
  const auto job = std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = look}});
  const auto outcome = [found]() -> Environment::Result {
    return [found](Napi::Env env) { return *found ? Napi::Value(Napi::String::New(env, **found)) : env.Undefined(); };
  };
  return Environment::of(info.Env()).run(job, Napi::Object::New(info.Env()), outcome, {});
}

std::optional<FolderEntries> folder_entries_of(const Napi::Value& value) {
  if (!value.IsString()) return std::nullopt;
  FolderEntries entries;
  std::string name;
  std::string part;
  for (const char16_t character : value.As<Napi::String>().Utf16Value()) {
    if (character != end) {
      part += static_cast<char>(character);
    } else if (name.empty()) {
      name = std::exchange(part, {});
    } else {
      entries.emplace(std::exchange(name, {}), std::stoull(std::exchange(part, {})));
    }
  }
  return entries;
}

}  // namespace spikeport::binding
