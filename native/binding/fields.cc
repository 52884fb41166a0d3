#include "binding/fields.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "binding/environment.h"
#include "engine/errors.h"

namespace spikeport::binding {
namespace {

/** The longest text that a message shows. */
constexpr std::size_t max_shown_bytes = 80;

/** Such as `'a', 'b' or 'c'`. */
std::string list_of(std::span<const char* const> texts, const char* last_separator) {
  std::string list;
  for (std::size_t i = 0; i < texts.size(); i++) {
    if (i > 0) list += i + 1 == texts.size() ? last_separator : ", ";
    list.append("'").append(texts[i]).append("'");
  }
  return list;
}

std::string shown(const Napi::Value& value) {
  switch (value.Type()) {
    case napi_string: {
      const std::string text = value.As<Napi::String>();
      return text.size() > max_shown_bytes ? "a long string" : "'" + text + "'";
    }
    case napi_number:
      return readable(value.As<Napi::Number>());
    case napi_undefined:
    case napi_null:
    case napi_boolean:
      return value.ToString();
    case napi_object:
      if (value.IsArray()) return "an array";
      return value.IsTypedArray() ? "a typed array" : "an object";
    case napi_function:
      return "a function";
    default:
      return "a bigint or symbol";
  }
}

std::string sentence(const Place& place, const std::string& expected, const Napi::Value& received) {
  const std::string path = place.path();
  return "Expected " + expected + " for " + (path.empty() ? "the plan" : path) + " but received " + shown(received) +
         ".";
}

/** Throws a RangeError where the value is of the right type, else a TypeError. */
[[noreturn]] void throw_refusal(const Place& place, const std::string& expected, const Napi::Value& received,
                                napi_valuetype right_type) {
  const std::string message = sentence(place, expected, received);
  if (received.Type() == right_type) throw Napi::RangeError::New(received.Env(), message);
  throw Napi::TypeError::New(received.Env(), message);
}

std::optional<double> finite_number(const Napi::Value& value) {
  double number = 0;
  if (napi_get_value_double(value.Env(), value, &number) != napi_ok || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<std::int64_t> whole_number(const Napi::Value& value, std::int64_t least, std::int64_t most) {
  const auto number = finite_number(value);
  if (!number || std::trunc(*number) != *number) return std::nullopt;
  if (*number < static_cast<double>(least) || *number > static_cast<double>(most)) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

std::string range_of(std::int64_t least, std::int64_t most) {
  return "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
}

const char* array_name(ElementType type) {
  switch (type) {
    case ElementType::u8:
      return "a Uint8Array";
    case ElementType::i32:
      return "an Int32Array";
    case ElementType::i64:
      return "a BigInt64Array";
    case ElementType::f32:
      return "a Float32Array";
    default:
      return "a Float64Array";
  }
}

/** A string; none for any other value. */
std::optional<std::string> text_of(const Napi::Value& value) {
  // Most are short, and then one call does.
  std::array<char, 128> text{};
  std::size_t length = 0;
  const napi_status status = napi_get_value_string_utf8(value.Env(), value, text.data(), text.size(), &length);
  if (status != napi_ok) return std::nullopt;
  // Four bytes of room at the end: a character that does not fit any more is left out.
  if (length + 4 < text.size()) return std::string(text.data(), length);
  return value.As<Napi::String>();
}

std::string_view to_view(const char* text) { return text; }

/** A path or a name: text that is not empty and has no NUL, where it would end. */
std::string name_from(const Napi::Value& value, const Place& place) {
  auto name = text_of(value);
  if (!name || name->empty() || name->find('\0') != std::string::npos)
    throw_refusal(place, "a name", value, napi_string);
  return std::move(*name);
}

}  // namespace

std::string Place::path() const {
  std::string path = parent == nullptr ? "" : parent->path();
  if (!path.empty()) path += ".";
  path += name;
  if (index >= 0) path.append("[").append(std::to_string(index)).append("]");
  return path;
}

napi_value FieldNames::of(const char* name) {
  auto slot = reinterpret_cast<std::uintptr_t>(name) / 4 % made_.size();
  for (std::size_t tries = 0; made_[slot].name != nullptr; tries++) {
    if (made_[slot].name == name) return made_[slot].string;
    if (tries == made_.size()) return Napi::String::New(env_, name);
    slot = (slot + 1) % made_.size();
  }
  made_[slot] = {name, Napi::String::New(env_, name)};
  return made_[slot].string;
}

Fields::Fields(const Napi::Value& value, const Place& place) : object_(value.Env(), value), place_(place) {
  if (value.Type() != napi_object) throw Napi::TypeError::New(value.Env(), sentence(place, "an object", value));
}

bool Fields::has(const char* key) {
  if (is_complete()) {
    known_.at(known_count_++) = key;
    last_ = object_.Env().Undefined();
  }
  if (!get(key).IsUndefined()) return true;
  absent_count_++;
  return false;
}

bool Fields::is_complete() {
  if (!place_.is_searched) return false;
  if (all_.IsEmpty()) {
    all_ = Environment::of(object_.Env()).keys_of(object_);
    all_count_ = all_.Length();
  }
  return all_count_ == known_count_ - absent_count_;
}

Napi::Value Fields::get(const char* key) {
  if (known_count_ == 0 || known_[known_count_ - 1] != std::string_view(key)) {
    known_.at(known_count_++) = key;
    last_ = object_.Get(place_.field_names->of(key));
  }
  return last_;
}

bool Fields::flag(const char* key) {
  const Napi::Value value = get(key);
  if (!value.IsBoolean()) refuse_type(key, "true or false");
  return value.As<Napi::Boolean>();
}

double Fields::number(const char* key) {
  const auto number = finite_number(get(key));
  if (!number) refuse_number(key, "a finite number");
  return *number;
}

double Fields::positive(const char* key) {
  const auto number = finite_number(get(key));
  if (!number || *number <= 0) refuse_number(key, "a finite number above 0");
  return *number;
}

std::int64_t Fields::whole(const char* key, std::int64_t least, std::int64_t most) {
  const auto number = whole_number(get(key), least, most);
  if (!number) refuse_number(key, range_of(least, most));
  return *number;
}

std::string Fields::name(const char* key) { return name_from(get(key), place_of(key)); }

std::vector<std::string> Fields::names(const char* key) { return list_of_values(key, name_from); }

std::string Fields::text(const char* key) {
  auto text = text_of(get(key));
  if (!text) refuse_type(key, "a string");
  return std::move(*text);
}

std::vector<std::string> Fields::texts(const char* key) {
  return list_of_values(key, [](const Napi::Value& value, const Place& place) {
    auto text = text_of(value);
    if (!text) throw_refusal(place, "a string", value, napi_string);
    return std::move(*text);
  });
}

std::vector<std::uint64_t> Fields::shape(const char* key) {
  auto shape = list_of_values(key, [](const Napi::Value& value, const Place& place) {
    const auto length = whole_number(value, 0, max_count);
    if (!length) throw_refusal(place, range_of(0, max_count), value, napi_number);
    return static_cast<std::uint64_t>(*length);
  });
  double elements = 1;
  for (const std::uint64_t length : shape) elements *= std::max(1.0, static_cast<double>(length));
  if (elements > static_cast<double>(max_count)) refuse(key, "at most 2^53 elements");
  return shape;
}

Numbers Fields::numbers(const char* key) {
  const auto numbers = numbers_of(get(key));
  if (!numbers) refuse_type(key, "a typed array of numbers");
  return *numbers;
}

void Fields::end() {
  if (is_complete() || !place_.is_searched) return;
  const auto known = std::span(known_).first(known_count_);
  for (std::uint32_t i = 0; i < all_count_; i++) {
    const Napi::Value name = all_.Get(i);
    if (std::ranges::find(known, name.As<Napi::String>().Utf8Value(), to_view) == known.end()) {
      throw_refusal(place_, "only the fields " + list_of(known, " and "), name, napi_string);
    }
  }
}

Napi::Array Fields::array(const char* key) {
  const Napi::Value value = get(key);
  if (!value.IsArray()) refuse_type(key, "an array");
  return value.As<Napi::Array>();
}

void Fields::refuse(const char* key, const std::string& expected) {
  const Napi::Value received = get(key);
  throw_refusal(place_of(key), expected, received, received.Type());
}

void Fields::refuse_type(const char* key, const std::string& expected) {
  throw Napi::TypeError::New(object_.Env(), sentence(place_of(key), expected, get(key)));
}

void Fields::refuse_number(const char* key, const std::string& expected) {
  throw_refusal(place_of(key), expected, get(key), napi_number);
}

void Fields::refuse_array(const char* key, ElementType type) { refuse_type(key, array_name(type)); }

void Fields::refuse_word(const char* key, std::span<const char* const> words) {
  throw_refusal(place_of(key), list_of(words, " or "), get(key), napi_string);
}

}  // namespace spikeport::binding
