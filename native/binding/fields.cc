#include "binding/fields.h"

#include <algorithm>
#include <cmath>
#include <optional>

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

/** A JS value that is no number, text, flag, array or plain object. */
std::string shown(const Napi::Value& value) {
  switch (value.Type()) {
    case napi_null:
      return "null";
    case napi_object:
      return value.IsTypedArray() ? "a typed array" : "an object";
    case napi_function:
      return "a function";
    default:
      return "a bigint or symbol";
  }
}

std::string shown(std::string_view text) {
  return text.size() > max_shown_bytes ? "a long string" : "'" + std::string(text) + "'";
}

std::string shown(Value value) {
  switch (value.kind()) {
    case ValueKind::number:
      return readable(value.number());
    case ValueKind::flag:
      return value.flag() ? "true" : "false";
    case ValueKind::text:
      return shown(value.text());
    case ValueKind::object:
      return "an object";
    case ValueKind::array:
      return "an array";
    case ValueKind::other:
      return shown(value.other());
    default:
      return "undefined";
  }
}

std::string sentence(const Place& place, const std::string& expected, const std::string& received) {
  const std::string path = place.path();
  return "Expected " + expected + " for " + (path.empty() ? "the plan" : path) + " but received " + received + ".";
}

/** Throws a RangeError where the value is of the right kind, else a TypeError. */
[[noreturn]] void throw_refusal(const Place& place, const std::string& expected, Value received, ValueKind right_kind) {
  const std::string message = sentence(place, expected, shown(received));
  if (received.kind() == right_kind) throw Napi::RangeError::New(place.env, message);
  throw Napi::TypeError::New(place.env, message);
}

std::optional<double> finite_number(Value value) {
  if (value.kind() != ValueKind::number || !std::isfinite(value.number())) return std::nullopt;
  return value.number();
}

std::optional<std::int64_t> whole_number(Value value, std::int64_t least, std::int64_t most) {
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

std::string_view to_view(const char* text) { return text; }

std::string text_from(Value value, const Place& place) {
  if (value.kind() != ValueKind::text) throw_refusal(place, "a string", value, ValueKind::text);
  return std::string(value.text());
}

/** A path or a name: text that is not empty and has no NUL, where it would end. */
std::string name_from(Value value, const Place& place) {
  const bool is_name =
      value.kind() == ValueKind::text && !value.text().empty() && value.text().find('\0') == std::string_view::npos;
  if (!is_name) throw_refusal(place, "a name", value, ValueKind::text);
  return std::string(value.text());
}

}  // namespace

std::string Place::path() const {
  std::string path = parent == nullptr ? "" : parent->path();
  if (!path.empty()) path += ".";
  path += name;
  if (index >= 0) path.append("[").append(std::to_string(index)).append("]");
  return path;
}

Fields::Fields(Value value, const Place& place) : object_(value), place_(place) {
  if (value.kind() != ValueKind::object) {
    throw Napi::TypeError::New(place.env, sentence(place, "an object", shown(value)));
  }
}

Value Fields::get(const char* key) {
  const std::string_view name = key;
  if (known_count_ > 0 && known_[known_count_ - 1] == name) return last_;
  known_.at(known_count_++) = key;
  last_ = {};
  Value field = object_.count() == 0 ? Value() : object_.first();
  for (std::uint32_t i = 0; i < object_.count(); i++) {
    if (i > 0) field = field.next();
    if (field.name() != name) continue;
    found_count_++;
    last_ = field;
    break;
  }
  return last_;
}

Napi::Value Fields::other(const char* key) {
  const Napi::Value value = get(key).other();
  return value.IsEmpty() ? place_.env.Undefined() : value;
}

bool Fields::flag(const char* key) {
  const Value value = get(key);
  if (value.kind() != ValueKind::flag) refuse_type(key, "true or false");
  return value.flag();
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

std::string Fields::text(const char* key) { return text_from(get(key), place_of(key)); }

std::vector<std::string> Fields::texts(const char* key) { return list_of_values(key, text_from); }

std::vector<std::uint64_t> Fields::shape(const char* key) {
  auto shape = list_of_values(key, [](Value value, const Place& place) {
    const auto length = whole_number(value, 0, max_count);
    if (!length) throw_refusal(place, range_of(0, max_count), value, ValueKind::number);
    return static_cast<std::uint64_t>(*length);
  });
  double elements = 1;
  for (const std::uint64_t length : shape) elements *= std::max(1.0, static_cast<double>(length));
  if (elements > static_cast<double>(max_count)) refuse(key, "at most 2^53 elements");
  return shape;
}

Numbers Fields::numbers(const char* key) {
  const auto numbers = numbers_of(other(key));
  if (!numbers) refuse_type(key, "a typed array of numbers");
  return *numbers;
}

void Fields::end() {
  if (!place_.is_searched || found_count_ == object_.count()) return;
  const auto known = std::span(known_).first(known_count_);
  Value field = object_.first();
  while (std::ranges::find(known, field.name(), to_view) != known.end()) field = field.next();
  throw Napi::RangeError::New(place_.env,
                              sentence(place_, "only the fields " + list_of(known, " and "), shown(field.name())));
}

Value Fields::array(const char* key) {
  const Value value = get(key);
  if (value.kind() != ValueKind::array) refuse_type(key, "an array");
  return value;
}

void Fields::refuse(const char* key, const std::string& expected) {
  const Value received = get(key);
  throw_refusal(place_of(key), expected, received, received.kind());
}

void Fields::refuse_type(const char* key, const std::string& expected) {
  throw Napi::TypeError::New(place_.env, sentence(place_of(key), expected, shown(get(key))));
}

void Fields::refuse_number(const char* key, const std::string& expected) {
  throw_refusal(place_of(key), expected, get(key), ValueKind::number);
}

void Fields::refuse_array(const char* key, ElementType type) { refuse_type(key, array_name(type)); }

void Fields::refuse_word(const char* key, std::span<const char* const> words) {
  throw_refusal(place_of(key), list_of(words, " or "), get(key), ValueKind::text);
}

}  // namespace spikeport::binding
